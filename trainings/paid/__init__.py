"""Calls that cost money: for whom they are made, what they may cost, what came back, and how the services are.

Before a call `breaker.check` and `ledger.reserve`; after it `ledger.settle` or `ledger.give_back`, `breaker.answered`
or `breaker.failed`; its answer goes into `answers`, so that no retry pays for it again.
"""
