"""The site's key files: made once, whole from the first moment that another process can see them."""

import stat

from huiqi.portal import keys


def test_the_key_stays_what_it_was(tmp_path):
    assert keys.secret_key(tmp_path / "data") == keys.secret_key(tmp_path / "data")
    assert keys.encryption_keys(tmp_path / "data") == keys.encryption_keys(tmp_path / "data")


def test_a_key_file_is_the_owners_alone(tmp_path):
    keys.secret_key(tmp_path)
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_two_processes_that_make_the_key_at_once_both_sign_with_the_first(tmp_path, monkeypatch):
    made = iter(("later", "first"))
    seen = []

    def slow(_length):
        mine = next(made)
        if mine == "later":
            seen.append(keys.secret_key(tmp_path))
        return mine

    monkeypatch.setattr(keys.secrets, "token_urlsafe", slow)
    assert keys.secret_key(tmp_path) == "first"
    assert seen == ["first"]
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]
