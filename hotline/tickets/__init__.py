"""Use cases, in the order of a ticket's life:

intake → triage → dispatching → handling (applications, suspension) → review → followup → supervision.

Each is `verb(work, ticket, …)`: guard, record, consequences. None commits.
"""
