"""Whose time it was (责任时间): who had a ticket and how long, who answers for a breach, what came of it.

Everything is read off the ledger; `stretches` are the source of all the rest.
"""
