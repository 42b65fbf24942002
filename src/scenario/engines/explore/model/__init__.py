"""What a state is made of: values, parts, flat code, and the budget of whoever works on it."""
