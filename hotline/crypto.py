"""Keep personal data unreadable in the database, yet findable by the number that calls."""

import hashlib
import hmac
import os

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hotline.errors import BrokenSettings

_KEY, _NONCE = 32, 12
_MARK = "marks.vault"


class Vault:
    """Seals and opens text under one key. Each `place` (table.column) is bound into what it seals,
    so that a value copied into another column does not open there.
    """

    def __init__(self, key: str) -> None:
        """`key`: 64 hexadecimal digits. Encryption and index use keys derived from it apart."""
        master = bytes.fromhex(key)
        if len(master) != _KEY:
            raise ValueError(f"a key has {_KEY} bytes, not {len(master)}")
        self._cipher = AESGCM(hmac.digest(master, b"seal", "sha256"))
        self._index_key = hmac.digest(master, b"index", "sha256")

    def seal(self, place: str, text: str) -> bytes:
        """Encrypt `text` with AES-256-GCM. Twice the same text gives two different seals."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, text.encode(), place.encode())

    def open(self, place: str, sealed: bytes) -> str:
        """Return the text sealed for `place`. Raises ValueError when the key or the place is another."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode()).decode()
        except (InvalidTag, ValueError):  # ValueError: too short to be a seal
            raise ValueError(f"cannot open what is sealed in {place}") from None

    def mark(self) -> str:
        """Return a text by which `require_own` knows this key again."""
        return self.seal(_MARK, "").hex()

    def require_own(self, mark: str) -> None:
        """Raises BrokenSettings unless `mark` was made with this very key."""
        try:
            self.open(_MARK, bytes.fromhex(mark))
        except ValueError:
            raise BrokenSettings({"HOTLINE_VAULT_KEY": "other_vault_key"}) from None

    def index(self, place: str, text: str) -> str:
        """Return the keyed hash under which an equal `text` can be found (blind index)."""
        return hmac.new(self._index_key, f"{place}\0{text}".encode(), hashlib.sha256).hexdigest()


def hash_password(text: str) -> str:
    """Return the argon2id hash to store; slow on purpose, so never inside a transaction."""
    return PasswordHasher().hash(text)


def password_matches(stored: str, text: str) -> bool:
    """Tell whether `text` is the password behind a stored hash; False for a hash that is none."""
    try:
        return PasswordHasher().verify(stored, text)
    except (VerificationError, InvalidHashError):
        return False
