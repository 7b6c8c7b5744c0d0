"""The shell: base templates, assets, navigation, errors, and the pages that join rooms."""
