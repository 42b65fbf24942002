"""A report as a format writes it."""

from scenario.report.formats import reporter_named
from scenario.report.style import Style


def reported(name, report, *, color=False, **more):
    lines = []
    reporter = reporter_named(name)(lines.append, Style(color), **more)
    for result in report.results:
        if result.scenario:
            reporter.begin(result.file, result.scenario, result.case)
        for line in result.output or ():
            reporter.printed(line)
        reporter.end(result)
    reporter.finish(report)
    return "".join(f"{line}\n" for line in lines)
