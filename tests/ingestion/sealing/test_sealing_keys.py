"""The task force's pair: made once, under a passphrase, and what it opens and refuses."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.files.safe_zip import Stop
from ingestion.files.uploads import LONGEST_HEADER
from ingestion.home import Home
from ingestion.keeping import retention
from ingestion.sealing import sealing_keys
from ingestion.sealing.age_keys import DEMO_PUBLIC, DEMO_SECRET, encrypt
from ingestion.sealing.sealing_keys import DEMO_KEY, SealingKey, check_pair, check_recovery, make_pair, unlock
from languages.refusal import Refusal
from tests.ingestion.sealing.pairs import PASSPHRASE, RECOVERY, give_pair

RECOVERY_PUBLIC = str(RECOVERY.to_public())
KEY = SealingKey(str(RECOVERY))
TRUE = encrypt(b"rows of a ministry" * 9, [RECOVERY_PUBLIC])
STANZA = b"-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc\n" + b"A" * 43 + b"\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").open()


def refused(kind: str, data: bytes, key: SealingKey = KEY) -> None:
    with pytest.raises(Stop) as stop:
        key.open(data)
    assert stop.value.finding.kind == kind


# The pair


def test_a_pair_is_readable_by_its_owner_alone_and_its_secret_part_only_under_the_passphrase(home: Home):
    key, folder = give_pair(home), home.keys / "sealing"
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())} == {
        "sealing": 0o700,
        "secret.age": 0o600,
        "public.txt": 0o600,
    }
    for path in home.root.rglob("*"):
        assert not path.is_file() or key.secret.encode() not in path.read_bytes()
    lines = pyrage.passphrase.decrypt((folder / "secret.age").read_bytes(), PASSPHRASE).decode().splitlines()
    assert lines == [f"# public key: {key.public}", key.secret]  # as age-keygen writes it
    assert sealing_keys.public_keys(home) == (key.public, RECOVERY_PUBLIC)
    assert key.secret not in repr(key)


def test_either_secret_key_opens_what_was_sealed_for_the_home(home: Home):
    key = give_pair(home)
    data = encrypt(b"rows", sealing_keys.public_keys(home))
    assert [one.open(data) for one in (key, KEY)] == [b"rows", b"rows"]


@pytest.mark.parametrize("length", [0, 15, 16, 17])
def test_a_passphrase_has_sixteen_characters_at_least(home: Home, length: int):
    if length < 16:
        with pytest.raises(Refusal, match="sealing_passphrase_short"):
            make_pair(home, RECOVERY_PUBLIC, "م" * length)
    else:
        assert make_pair(home, RECOVERY_PUBLIC, "م" * length)[1] == RECOVERY_PUBLIC
    assert (home.keys / "sealing").exists() == (length >= 16)


def test_a_second_pair_is_refused_and_the_first_stays(home: Home):
    give_pair(home)
    before = {path: path.read_bytes() for path in (home.keys / "sealing").iterdir()}
    with pytest.raises(Refusal, match="sealing_key_exists"):
        make_pair(home, RECOVERY_PUBLIC, PASSPHRASE)
    assert {path: path.read_bytes() for path in (home.keys / "sealing").iterdir()} == before


def test_a_command_that_is_killed_before_its_last_step_leaves_no_half_of_a_pair(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    replace = Path.replace

    def killed(path: Path, target: Path) -> Path:
        if Path(target).name == "sealing":
            raise KeyboardInterrupt
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        make_pair(home, RECOVERY_PUBLIC, PASSPHRASE)
    assert sealing_keys.public_keys(home) == ()
    monkeypatch.undo()
    assert len(make_pair(home, RECOVERY_PUBLIC, PASSPHRASE)) == 2
    assert [path.name for path in home.keys.iterdir()] == ["sealing"]  # the next writer has swept the rest


@pytest.mark.parametrize(
    "text",
    ["", "age1", DEMO_SECRET, str(RECOVERY), RECOVERY_PUBLIC[:-1]],
    ids=["empty", "begun", "the demo's", "secret", "cut"],
)
def test_a_recovery_key_that_is_none_is_refused_and_never_repeated(text: str):
    with pytest.raises(Refusal, match="public_key_unreadable") as refusal:
        check_recovery(text)
    assert not text or text not in str(refusal.value) + str(refusal.value.arguments)


def test_the_recovery_key_of_the_demo_is_refused():
    with pytest.raises(Refusal, match="key_is_invented"):
        check_recovery(f" {DEMO_PUBLIC}\n")
    assert check_recovery(f" {RECOVERY_PUBLIC}\n") == RECOVERY_PUBLIC


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE + " "])
def test_another_passphrase_opens_nothing(home: Home, passphrase: str):
    give_pair(home)
    with pytest.raises(Refusal, match="sealing_passphrase_wrong"):
        unlock(home, passphrase)


@pytest.mark.parametrize(
    "damage",
    [
        lambda _secret: b"",
        lambda _secret: b"junk",
        lambda _secret: encrypt(b"x", [RECOVERY_PUBLIC]),
        lambda secret: secret[:-1],
        lambda _secret: pyrage.passphrase.encrypt(b"\xff\xfe no text", PASSPHRASE),
        lambda _secret: pyrage.passphrase.encrypt(b"# no key\n", PASSPHRASE),
        lambda _secret: pyrage.passphrase.encrypt(f"{pyrage.x25519.Identity.generate()}\n".encode(), PASSPHRASE),
    ],
    ids=["empty", "junk", "sealed for a key", "cut", "no text", "no key", "another key"],
)
def test_a_secret_part_that_is_damaged_or_of_another_pair_is_refused(home: Home, damage: Callable[[bytes], bytes]):
    give_pair(home)
    path = home.keys / "sealing" / "secret.age"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(Refusal, match="sealing_key_unreadable"):
        unlock(home, PASSPHRASE)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("", "sealing_key_unreadable"),
        ("# nothing\n", "sealing_key_unreadable"),
        (f"{RECOVERY_PUBLIC}x\n", "sealing_key_unreadable"),
        (f"{RECOVERY_PUBLIC}\nnobody\n", "sealing_key_unreadable"),
        (f"{RECOVERY_PUBLIC}\n{DEMO_PUBLIC}\n", "key_is_invented"),
    ],
    ids=["empty", "a remark", "a letter more", "a word", "the demo's"],
)
def test_public_keys_edited_by_hand_are_refused(home: Home, lines: str, code: str):
    give_pair(home)
    (home.keys / "sealing" / "public.txt").write_text(lines)
    for look in (sealing_keys.public_keys, check_pair):
        with pytest.raises(Refusal, match=code):
            look(home)


@pytest.mark.parametrize("between", ["\n", "\r\n", "\n\n# a remark\n", "  \n\t", "\n\u00a0\n"])
def test_blanks_and_remarks_between_public_keys_say_nothing(home: Home, between: str):
    key = give_pair(home)
    path = home.keys / "sealing" / "public.txt"
    path.write_bytes(between.join(["", key.public, RECOVERY_PUBLIC, ""]).encode())
    assert sealing_keys.public_keys(home) == (key.public, RECOVERY_PUBLIC)


def test_a_backup_holds_the_pair(home: Home):
    give_pair(home)
    backed_up = {file.path for file in retention.files_of(home.root) if file.is_backed_up}
    assert {"keys/sealing/secret.age", "keys/sealing/public.txt"} <= backed_up


def test_the_diagnosis_finds_a_part_that_is_gone(home: Home):
    check_pair(home)  # a home without a pair is whole
    give_pair(home)
    check_pair(home)
    for name in ("secret.age", "public.txt"):
        path = home.keys / "sealing" / name
        data = path.read_bytes()
        path.unlink()
        with pytest.raises(Refusal, match="file_missing"):
            check_pair(home)
        path.write_bytes(data)


def test_an_invented_home_has_the_key_that_everybody_knows_and_no_file_of_it(tmp_path: Path):
    home = Home.at(tmp_path / "demo").open(invented=True)
    assert sealing_keys.public_keys(home) == (DEMO_PUBLIC,)
    check_pair(home)
    assert not (home.keys / "sealing").exists()


# Opening


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 131_072])
def test_what_was_sealed_is_opened_byte_for_byte(size: int):
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert KEY.open(encrypt(data, [RECOVERY_PUBLIC])) == data


def test_a_file_that_is_cut_anywhere_is_damaged():
    data = encrypt(b"x" * 70_000, [RECOVERY_PUBLIC])
    header = data.index(b"\n---") + 48  # to the end of its last line
    for end in (22, 40, header - 1, header, header + 15, header + 16, header + 17, header + 16 + 65_552, len(data) - 1):
        refused("sealed_damaged", data[:end])


def test_a_file_with_something_behind_its_end_is_damaged():
    data = encrypt(b"rows", [RECOVERY_PUBLIC])
    for rest in (data, b"\n", b"\x00", b"PK\x03\x04"):
        refused("sealed_damaged", data + rest)


def test_a_changed_byte_is_found_wherever_it_stands():
    data = encrypt(b"rows of a ministry", [RECOVERY_PUBLIC])
    for place in range(21, len(data)):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(Stop) as stop:
            KEY.open(changed)
        assert stop.value.finding.kind in ("sealed_damaged", "sealed_for_others")


def test_a_file_for_others_for_a_passphrase_for_the_demo_or_as_text_is_told_apart():
    other = str(pyrage.x25519.Identity.generate().to_public())
    refused("sealed_for_others", encrypt(b"rows", [other]))
    refused("sealed_for_others", pyrage.passphrase.encrypt(b"rows", "some passphrase"))
    refused("sealed_for_demo", encrypt(b"rows", [DEMO_PUBLIC]))
    refused("sealed_for_others", encrypt(b"rows", [other]), DEMO_KEY)
    refused("sealed_as_text", pyrage.encrypt(b"rows", [RECOVERY.to_public()], armored=True))
    refused("sealed_as_text", b"\n" + pyrage.encrypt(b"rows", [RECOVERY.to_public()], armored=True))


def test_a_newer_format_of_the_seal_is_refused():
    refused("sealed_damaged", encrypt(b"rows", [RECOVERY_PUBLIC]).replace(b"/v1", b"/v2", 1))


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_a_header_longer_than_that_of_eighty_keys_never_meets_the_library(monkeypatch: pytest.MonkeyPatch, more: int):
    """Its time grows with the square of the header: sixty megabytes of it would take days."""
    asked: list[int] = []

    def decrypt(data: bytes, _identities: object) -> bytes:
        asked.append(len(data))
        return b"plain"

    monkeypatch.setattr(pyrage, "decrypt", decrypt)
    head = b"age-encryption.org/v1\n"
    data = head + b"a" * (LONGEST_HEADER - len(head) - len(b"\n---") + more) + b"\n--- " + b"A" * 43 + b"\n" + bytes(99)
    if more > 0:
        refused("sealed_damaged", data)
    else:
        assert KEY.open(data) == b"plain"
    assert len(asked) == (0 if more > 0 else 1)


def test_a_file_for_forty_keys_is_opened():
    keys = [str(pyrage.x25519.Identity.generate().to_public()) for _ in range(40)]
    assert KEY.open(encrypt(b"rows", [*keys, RECOVERY_PUBLIC])) == b"rows"


@given(st.binary(max_size=300), st.sampled_from([b"", b"age-encryption.org/v1\n", STANZA, b"--- "]))
def test_random_bytes_behind_a_true_beginning_are_refused_and_never_more_than_that(data: bytes, more: bytes):
    for start in (
        b"age-encryption.org/v1\n",
        b"age-encryption.org/v1\n" + STANZA,
        b"-----BEGIN AGE ENCRYPTED FILE-----\n",
    ):
        with pytest.raises(Stop):
            KEY.open(start + more + data)


@given(st.data())
def test_a_true_file_with_a_random_piece_in_its_place_is_refused(data: st.DataObject):
    place = data.draw(st.integers(0, len(TRUE) - 1))
    piece = data.draw(st.binary(min_size=1, max_size=60))
    changed = TRUE[:place] + piece + TRUE[place + len(piece) :]
    if changed != TRUE:
        with pytest.raises(Stop):
            KEY.open(changed)


def test_what_the_library_says_is_what_we_tell_apart():
    other = pyrage.x25519.Identity.generate()
    with pytest.raises(pyrage.DecryptError, match=f"^{sealing_keys._NOT_FOR_THIS_KEY}$"):
        pyrage.decrypt(encrypt(b"x", [RECOVERY_PUBLIC]), [other])
    with pytest.raises(pyrage.DecryptError, match=f"^{sealing_keys._WRONG_PASSPHRASE}$"):
        pyrage.passphrase.decrypt(pyrage.passphrase.encrypt(b"x", "a"), "b")
