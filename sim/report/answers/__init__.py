"""Answers, one module each: what is said, shown and handed to programs. A new one is a class with the methods of `Answer`."""
