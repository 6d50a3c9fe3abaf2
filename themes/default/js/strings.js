// pufa: template per language — the words of the scripts.
pufa.strings({{ translations("script") | tojson }});
