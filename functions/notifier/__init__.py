"""The notifier: who is told what, when, and in what company?"""
