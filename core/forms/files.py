"""A field for any number of files."""

from django import forms


class SeveralFiles(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, as a list; not required unless told so."""

    widget = SeveralFiles

    def __init__(self, *, required: bool = False, **options):
        super().__init__(required=required, **options)

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in files]
