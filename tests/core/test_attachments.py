"""Attachments: judged by their bytes, photos without their data, duplicates found, safe downloads."""

import hashlib
import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from core.attachments.checking import LARGEST_FILE, check_file
from core.attachments.downloads import attachment_response, content_disposition
from core.exceptions import FileRefused, FileTooLarge
from core.models import Attachment, AuditEvent
from core.selectors.attachments import same_content
from core.services.attachments import store_attachment
from tests.factories import files

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.mark.parametrize(
    ("data", "name", "content_type"),
    [
        (PDF, "通知.pdf", "application/pdf"),
        (files.docx(), "方案.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (files.xlsx([["a"]]), "表.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (files.xls([["a"]]), "表.xls", "application/vnd.ms-excel"),
        (files.xls([["a"]]), "表.et", "application/vnd.ms-excel"),
        (files.picture("PNG"), "截图.PNG", "image/png"),
        (files.picture("JPEG"), "照片.jpeg", "image/jpeg"),
        (files.picture("WEBP"), "照片.webp", "image/webp"),
        (files.picture("HEIF"), "照片.heic", "image/heic"),
        (files.picture("JPEG"), "聊天软件改过的.png", "image/jpeg"),
        ("说明\r\n".encode("gb18030"), "说明.txt", "text/plain; charset=utf-8"),
        ("编号,名称\r\n1,甲\r\n".encode(), "清单.csv", "text/csv; charset=utf-8"),
    ],
)
def test_check_file_takes_what_offices_send(data, name, content_type):
    assert check_file(data, name).content_type == content_type


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"MZ\x90\0" + b"\0" * 200, "照片.jpg"),
        (b"\x7fELF" + b"\0" * 200, "通知.pdf"),
        (b"<html><script>alert(1)</script></html>", "通知.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "图.png"),
        (b"hello <script>alert(1)</script>", "说明.txt"),
        (b"#!/bin/sh\nrm -rf /\n", "说明.txt"),
        (b"start calc.exe", "说明.bat"),
        (PDF, "通知.exe"),
        (PDF, "没有扩展名"),
        (PDF, "照片.jpg"),
        (PDF.replace(b"%%EOF", b""), "断了的.pdf"),
        (PDF + files.docx(), "两用.pdf"),
        (files.picture("PNG") + b"<?php system($_GET[0]);", "图.png"),
        (files.picture("PNG") + b"trailing", "图.png"),
        (files.picture("PNG")[:-20], "断了的.png"),
        (files.picture("JPEG", (800, 600))[:900], "断了的.jpg"),
        (files.picture("JPEG") + files.docx(), "两用.jpg"),
        (b"\x89PNG\r\n\x1a\n", "空的.png"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "坏的.jpg"),
        (b"PK\x03\x04broken", "坏的.docx"),
        (files.with_parts(files.docx(), {"word/vbaProject.bin": b"x"}), "宏.docx"),
        (
            files.with_parts(files.docx(), {"[Content_Types].xml": b"<a ContentType='x.macroEnabled.main+xml'/>"}),
            "宏.docx",
        ),
        (
            files.with_parts(files.docx(), {"word/document.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
            "实体.docx",
        ),
        (files.xlsx([["a"]]), "其实是表.docx"),
        (files.lying_zip(), "谎报.xlsx"),
        (b"{\\rtf1 \\object}", "说明.txt"),
        (b"", "空.pdf"),
        (b"\0\1\2\3" * 100, "数据.txt"),
    ],
)
def test_check_file_refuses_what_is_disguised_damaged_or_double(data, name):
    with pytest.raises(FileRefused) as refused:
        check_file(data, name)
    assert refused.value.code == "unsupported_file"


def test_check_file_refuses_an_archive_and_says_so():
    with pytest.raises(FileRefused, match="解压后逐个上传"):
        check_file(files.with_parts(files.docx(), {}).replace(b"word/", b"else/"), "资料.zip")


@pytest.mark.parametrize(
    ("data", "name"), [(b"a" * (LARGEST_FILE + 1), "大.txt"), (files.zip_bomb(), "炸弹.xlsx")], ids=["size", "bomb"]
)
def test_check_file_too_large_packed_or_unpacked(data, name):
    with pytest.raises(FileTooLarge) as refused:
        check_file(data, name)
    assert refused.value.code == "file_too_large"


def test_check_file_refuses_a_picture_of_absurd_size():
    out = io.BytesIO()
    Image.new("1", (12_000, 9_000)).save(out, "PNG")
    with pytest.raises(FileRefused, match="像素过大"):
        check_file(out.getvalue(), "巨图.png")


def stored_bytes(attachment: Attachment) -> bytes:
    with attachment.file.open() as file:
        return file.read()


# --- photos -------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["JPEG", "HEIF", "WEBP"])
def test_store_photo_keeps_time_and_original_hash_and_drops_the_rest(db, office, kind):
    original = files.photo(kind, (2200, 1100))
    kept = store_attachment(files.uploaded(original, "现场.heic"), actor=office, kind="photo", now=NOW)
    stored = stored_bytes(kept)
    image = Image.open(io.BytesIO(stored))
    assert (image.format, max(image.size)) == ("JPEG", 2000)
    assert not image.getexif()
    assert b"SecretPhone" not in stored
    assert kept.captured_at == datetime(2026, 11, 20, 1, 30, 15, tzinfo=UTC)
    assert kept.original_sha256 == hashlib.sha256(original).hexdigest()
    assert kept.sha256 == hashlib.sha256(stored).hexdigest() != kept.original_sha256
    assert (kept.name, kept.content_type, kept.size) == ("现场.jpg", "image/jpeg", len(stored))


def test_store_photo_applies_its_orientation(db, office):
    upload = files.uploaded(files.photo(size=(400, 300), orientation=6), "竖拍.jpg")
    image = Image.open(io.BytesIO(stored_bytes(store_attachment(upload, actor=office, kind="photo", now=NOW))))
    assert image.size == (300, 400)
    red, _, blue = image.getpixel((150, 20))
    assert (red > 200, blue < 50) == (True, True), "turned a quarter to the right, the red left half is on top"


@pytest.mark.parametrize(
    ("taken", "offset", "moment"),
    [
        ("2026:11:20 09:30:15", "+01:00", datetime(2026, 11, 20, 8, 30, 15, tzinfo=UTC)),
        ("0000:00:00 00:00:00", "", None),
        ("yesterday", "+08:00", None),
    ],
)
def test_store_photo_reads_the_camera_clock_where_it_makes_sense(db, office, taken, offset, moment):
    upload = files.uploaded(files.photo(taken=taken, offset=offset), "a.jpg")
    assert store_attachment(upload, actor=office, kind="photo", now=NOW).captured_at == moment


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [(files.picture("PNG"), "截图.png", "photo"), (files.photo(), "照片.jpg", "screenshot"), (PDF, "文.pdf", "photo")],
)
def test_store_attachment_keeps_every_other_file_to_the_byte(db, office, data, name, kind):
    kept = store_attachment(files.uploaded(data, name), actor=office, kind=kind, now=NOW)
    assert stored_bytes(kept) == data
    assert kept.sha256 == kept.original_sha256
    assert kept.captured_at is None


# --- storage ------------------------------------------------------------------------------------
def test_store_attachment_uses_a_random_name_and_audits(db, office):
    kept = store_attachment(files.uploaded(PDF, "../../机密/通知.pdf"), actor=office, kind="policy", now=NOW)
    assert kept.name == "通知.pdf"
    assert "通知" not in kept.file.name
    assert ".pdf" not in kept.file.name
    assert AuditEvent.objects.get(action="core.attachment.store").after["sha256"] == kept.sha256


def test_same_content_finds_duplicates_by_the_original(db, office, reporter):
    first = store_attachment(files.uploaded(files.photo(), "甲.jpg"), actor=office, kind="photo", now=NOW)
    second = store_attachment(files.uploaded(files.photo(), "乙.jpg"), actor=reporter, kind="photo", now=NOW)
    store_attachment(files.uploaded(PDF, "别的.pdf"), actor=reporter, kind="policy", now=NOW)
    assert list(same_content(second)) == [first]


def test_attachment_by_itself_is_seen_by_its_uploader_only(db, office, reporter):
    kept = store_attachment(files.uploaded(PDF, "a.pdf"), actor=reporter, kind="policy", now=NOW)
    assert list(Attachment.objects.visible_to(reporter)) == [kept]
    assert not Attachment.objects.visible_to(office).exists()


def test_refused_upload_leaves_nothing(db, office):
    with pytest.raises(FileRefused):
        store_attachment(files.uploaded(b"MZ...", "a.pdf"), actor=office, kind="policy", now=NOW)
    assert not Attachment.objects.unscoped("test").exists()


# --- downloads ----------------------------------------------------------------------------------
def test_attachment_response_is_a_safe_download(db, office):
    kept = store_attachment(files.uploaded(PDF, "一件事 通知.pdf"), actor=office, kind="policy", now=NOW)
    response = attachment_response(kept)
    assert response.getvalue() == PDF
    response.close()
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["ETag"] == f'"{kept.sha256}"'
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Disposition"] == (
        "attachment; filename=\"___ __.pdf\"; filename*=UTF-8''%E4%B8%80%E4%BB%B6%E4%BA%8B%20%E9%80%9A%E7%9F%A5.pdf"
    )


def test_attachment_response_shows_only_safe_types_in_place(db, office):
    pdf = store_attachment(files.uploaded(PDF, "a.pdf"), actor=office, kind="policy", now=NOW)
    text = store_attachment(files.uploaded(b"abc", "a.txt"), actor=office, kind="policy", now=NOW)
    shown, saved = attachment_response(pdf, inline=True), attachment_response(text, inline=True)
    assert shown["Content-Disposition"].startswith("inline")
    assert saved["Content-Disposition"].startswith("attachment")
    shown.close()
    saved.close()


@pytest.mark.parametrize("name", ['a"b.pdf', "a\r\nSet-Cookie: x.pdf", "..", "", "a/b\\c.pdf"])
def test_content_disposition_lets_no_name_break_out(name):
    header = content_disposition(name)
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2
    assert "/" not in header.partition("UTF-8''")[0]
