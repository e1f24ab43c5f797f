"""The record: catalogue, vocabulary, finding, usage, requests and insight, without Qt."""
