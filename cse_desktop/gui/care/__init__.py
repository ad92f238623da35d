"""What a person does with one object: its versions, its properties, a link to it, its editing."""
