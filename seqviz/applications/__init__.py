"""Networks that were trained for something: what each reads and answers, and how good it is."""
