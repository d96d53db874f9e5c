"""The command line of the classifier: tables in, models, figures and tables out."""
