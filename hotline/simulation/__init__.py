"""The people of a simulated city. They act through the use cases that the web uses, on a simulated clock.

`play` is the stage: one agenda over simulated time. `demo` fills a new database, `coming` goes on from one.
"""
