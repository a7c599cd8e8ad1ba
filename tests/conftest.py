"""For all tests: how long an example takes says nothing of what is tested, so no property test has a deadline."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
