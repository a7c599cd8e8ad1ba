"""Common random numbers: the same uniform for the same name, in every scenario of a seed and replication.

A draw is named by (stream, entity, index): what it is about, never when or in which order it is asked for. Two kinds:

- A `Stream` is a table of uniforms U[entity, index], filled in blocks of 256 entities when first looked at; a block is one
  run of a Philox generator whose counter is set to the block's name, so it does not depend on any other block.
- A `SparseStream` hashes the name itself (keyed BLAKE2b). A draw costs more than a look-up and far less than a block, so
  it serves where few entities are ever looked at: a tenth of the contacts follow, fewer engage twice.

See docs/model.md, "Random numbers".
"""

import hashlib
import math
import struct
import threading
from collections.abc import Hashable
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BLOCK_BITS = 8
BLOCK = 1 << BLOCK_BITS
_WORD = (1 << 64) - 1
_SMALLEST = 2.0**-53  # a uniform is never 0, so that every inverse is finite
_HALF_OPEN = 2.0**-52
_NAME = struct.Struct("<qq").pack

standard_normal = NormalDist().inv_cdf


class Stream:
    """Uniforms in (0, 1) of one named random quantity, as a table U[entity, index]."""

    __slots__ = ("_blocks", "_generator", "_state")

    def __init__(self, key: int) -> None:
        philox = np.random.Philox(key=key)
        self._generator = np.random.Generator(philox)
        self._state = philox.state
        self._blocks: dict[tuple[int, int], list[float]] = {}

    def __call__(self, entity: int, index: int = 0) -> float:
        """Return the uniform of `entity` (at least 0) at `index`."""
        block = (entity >> BLOCK_BITS, index)
        try:
            return self._blocks[block][entity & (BLOCK - 1)]
        except KeyError:
            return self._fill(block)[entity & (BLOCK - 1)]

    def column(self, count: int, index: int = 0) -> Floats:
        """Return the uniforms of entities 0 to count - 1 at one index, shape (count,)."""
        blocks = [self._draw((number, index)) for number in range((count + BLOCK - 1) >> BLOCK_BITS)]
        return np.concatenate(blocks)[:count] if blocks else np.empty(0)

    def _fill(self, block: tuple[int, int]) -> list[float]:
        values: list[float] = self._draw(block).tolist()
        self._blocks[block] = values
        return values

    def _draw(self, block: tuple[int, int]) -> Floats:
        state = self._state
        counter = state["state"]["counter"]
        counter[0], counter[1], counter[2] = 0, block[0], block[1] & _WORD
        state["buffer_pos"] = 4  # nothing left over from the block before
        self._generator.bit_generator.state = state
        return np.maximum(self._generator.random(BLOCK), _SMALLEST)


class SparseStream:
    """Uniforms in (0, 1) of one named random quantity, computed one name at a time."""

    __slots__ = ("_hash", "_words")

    def __init__(self, key: bytes, several: int = 1) -> None:
        self._hash = hashlib.blake2b(key=key, digest_size=8 * several)
        self._words = struct.Struct(f"<{several}Q").unpack

    def __call__(self, entity: int, index: int = 0) -> float:
        """Return the (first) uniform of `entity` at `index`."""
        named = self._hash.copy()
        named.update(_NAME(entity, index))
        word: int = self._words(named.digest())[0]
        return ((word >> 12) + 0.5) * _HALF_OPEN

    def several(self, entity: int, index: int = 0) -> list[float]:
        """Return all uniforms of `entity` at `index`: as many as the stream was made for (`several`)."""
        named = self._hash.copy()
        named.update(_NAME(entity, index))
        # 52 bits and a half, so that neither 0 nor 1 comes out
        return [((word >> 12) + 0.5) * _HALF_OPEN for word in self._words(named.digest())]


class Streams:
    """All streams of one seed and replication, and what has been worked out from them."""

    def __init__(self, seed: int, replication: int) -> None:
        self._name = f"{seed}/{replication}"
        self._streams: dict[str, Stream] = {}
        self._worked_out: dict[Hashable, dict[Any, Any]] = {}

    def __getitem__(self, name: str) -> Stream:
        if name not in self._streams:
            self._streams[name] = Stream(int.from_bytes(self._key(name), "little"))
        return self._streams[name]

    def sparse(self, name: str, several: int = 1) -> SparseStream:
        """Return a stream of which few entities are looked at, with 1 to 8 uniforms a name."""
        return SparseStream(self._key(f"sparse/{name}"), several)

    def worked_out(self, what: str, *given: Hashable) -> dict[Any, Any]:
        """Return a dictionary that all worlds of these draws share, for what follows from the draws and from `given` alone."""
        return self._worked_out.setdefault((what, *given), {})

    def _key(self, name: str) -> bytes:
        return hashlib.blake2b(f"{self._name}/{name}".encode(), digest_size=16).digest()


_latest = threading.local()  # a generator is set and read in two steps, which another thread must not come between


def streams_of(seed: int, replication: int) -> Streams:
    """Return the streams of a seed and replication; the same ones to all worlds that a thread runs one after the other."""
    name = seed, replication
    if getattr(_latest, "name", None) != name:
        _latest.streams = Streams(seed, replication)
        _latest.name = name
    streams: Streams = _latest.streams
    return streams


def forget() -> None:
    """Forget what was worked out from the latest streams."""
    _latest.name = None


def exponential(u: float, mean: float = 1.0) -> float:
    """Return the inverse of the exponential distribution."""
    return -mean * math.log1p(-u)


def lognormal(u: float, median: float, sigma: float) -> float:
    """Return the inverse of the lognormal distribution."""
    return median * math.exp(sigma * standard_normal(u))


def lognormal_of_mean_one(u: float, sigma: float) -> float:
    """Return the inverse of the lognormal distribution of mean 1."""
    return lognormal(u, math.exp(-0.5 * sigma**2), sigma) if sigma > 0.0 else 1.0


def gumbel(u: float) -> float:
    """Return the inverse of the standard Gumbel distribution."""
    return -math.log(-math.log(u))


POISSON_AS_NORMAL_FROM = 60.0


def poisson(u: float, mean: float) -> int:
    """Return the inverse of the Poisson distribution; from a mean of 60 that of its normal limit, rounded."""
    if mean >= POISSON_AS_NORMAL_FROM:
        return max(0, round(mean + math.sqrt(mean) * standard_normal(u)))
    count, p = 0, math.exp(-mean)
    below = p
    while u > below and p > 0.0:
        count += 1
        p *= mean / count
        below += p
    return count


def pick(u: float, cumulative: tuple[float, ...]) -> int:
    """Return which interval of a cumulative distribution holds `u`: an index below len(cumulative)."""
    for index, bound in enumerate(cumulative):
        if u < bound:
            return index
    return len(cumulative) - 1
