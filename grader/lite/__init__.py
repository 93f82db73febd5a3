"""The course in the browser: ``python -m grader.lite`` builds it into ``dist/site/lite/``. docs/browser.md says how."""
