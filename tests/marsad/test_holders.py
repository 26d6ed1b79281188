"""What those who hold the names type: a key is made, and tokens come in the place of names."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl

from ingestion.cards.source_card import FOLDER
from ingestion.text.tokens import is_token

Marsad = Callable[..., tuple[int, str, str]]
SAMPLE = FOLDER / "sources" / "iraq_interior_ministry" / "sample.xlsx"


def test_the_holders_key_is_made_once_and_told_by_its_fingerprint_alone(marsad: Marsad, tmp_path: Path) -> None:
    key = tmp_path / "holders.key"
    code, out, err = marsad("pseudonymise", "--new-key", str(key))
    assert (code, key.read_text().strip() in out + err) == (0, False)
    assert re.search(r"\d{4}( \d{4}){5}", out)
    made = key.read_bytes()
    code, _, err = marsad("pseudonymise", "--new-key", str(key))
    assert (code, "token_key_exists" in err, key.read_bytes()) == (1, True, made)
    key.chmod(0o644)
    sent = ("pseudonymise", str(SAMPLE), "--key", str(key), "-o", str(tmp_path / "sent.xlsx"))
    code, _, err = marsad(*sent)
    assert (code, "token_key_open" in err, "chmod 600" in err) == (1, True, True)
    assert marsad("pseudonymise", str(SAMPLE), "--key", str(key))[0] == 2
    assert marsad(*sent, "--new-key", str(tmp_path / "another.key"))[0] == 2
    assert not (tmp_path / "another.key").exists()


def test_the_holder_puts_tokens_in_place_of_names_before_anything_is_sent(marsad: Marsad, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["الاسم الثلاثي", "اسم الأم", "رقم القضية", "الجنس", "زوج سلمان"])
    sheet.append(["زيد عمرو بكر", "هند", "12/ج/2024", "ذكر", "سعاد"])
    sheet.append(["هند عمرو بكر", "ليلى", "12/ج/2024", "أنثى", "سلمان"])
    sheet.append(["التوقيع"])
    named, key, sent = tmp_path / "named.xlsx", tmp_path / "holders.key", tmp_path / "sent.xlsx"
    book.save(named)
    key.write_bytes(b"an invented key of the holders, 32 bytes or more")
    key.chmod(0o600)
    code, out, err = marsad("pseudonymise", str(named), "--key", str(key), "-o", str(sent))
    assert (code, "زيد" in out + err, "سلمان" in out + err) == (0, False, False)
    assert ("#1 E." in out, "signatures) and were not written: 1" in out) == (True, True), "what is left out is told"
    rows = list(openpyxl.load_workbook(sent).active.values)
    texts = [str(cell) for row in rows for cell in row]
    assert not any("زيد" in text or "12/ج" in text for text in texts)
    assert len({text for text in texts if is_token(text)}) == 3
