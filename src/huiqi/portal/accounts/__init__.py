"""Who works here: users, agencies, appointments, substitutes, and which rows each of them may see."""
