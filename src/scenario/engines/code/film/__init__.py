"""Executions of the user's own code as pictures: where each thread stands after each step, who holds what, what the values are."""

from scenario.engines.code.film.whole import film_file, film_own_code

__all__ = ["film_file", "film_own_code"]
