"""What treaties and reports ask, and what a release answers: a card a question, one file a treaty (`<treaty>.yml`).

Belongs here: the cards, their schema (`question_card.py`), and joining them to a release (`question_answers.py`).
Does not belong here: texts of questions (the catalogue, `question.<treaty>.<question>`), layouts (`reports/exchange`).

Comes in: cards of questions, and a release.
Goes out: for each question an answer, or the reason why there is none.
"""
