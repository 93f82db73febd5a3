"""The course as a static site: ``python -m grader.site`` builds it into ``dist/site/``, with nothing from the network."""
