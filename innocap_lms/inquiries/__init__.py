"""What learners ask of trainers: a faulty question, help, another attempt; and the answers."""
