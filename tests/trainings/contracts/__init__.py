"""One module a Protocol; every provider passes it, the local ones and those elsewhere against our servers."""
