"""What happens here that apps above keep on their own rows."""

from django.dispatch import Signal

#: Sent after each act on an order, and for each accountability record, whose subject lies above, with ``number`` (of
#: the subject), ``kind``, ``label``, ``text``, ``actor``, ``now``; the app of the subject writes its timeline.
subject_touched = Signal()
