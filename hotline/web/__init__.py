"""The pages: one blueprint per desk. A route reads its form, calls one use case, redirects."""
