"""How good the answers are: judged queries over the corpus, beside two other engines."""
