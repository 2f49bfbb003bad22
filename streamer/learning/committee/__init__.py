"""Several members that each learn the whole stream, and the mixture that makes one prediction of theirs."""
