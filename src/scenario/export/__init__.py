"""Programs in the languages of other tools, which can then be asked for a second opinion."""
