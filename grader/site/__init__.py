"""The course as a static site: ``python -m grader.site`` builds it into ``dist/site/`` and asks no network."""
