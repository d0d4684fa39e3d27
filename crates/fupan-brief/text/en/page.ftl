# Words of the page and of exported files around the brief.

page-title-suffix = session review
page-skip = Skip to the text
page-takeaways = Key takeaways
page-why = What the words rest on
page-words = What the words rest on
page-headline-basis = What the headline rests on
page-indices-strip = Main indices
page-notes = Before you read
page-figure-data = Data of this figure
page-sources = Inputs and their digests
page-sources-counted = { $count } { $count_n ->
    [one] input and its digest
   *[other] inputs and their digests
}
page-findings = Findings in the data
page-unknown = Unknown figures
page-facts = Where the figures come from
page-hover = Hover, focus or tap a figure for its definition, denominator and source.
page-overview = fupan · An overview. The full brief has the text, the tables and the sources; every figure can be traced.
page-keys = Each figure’s key is listed at the end.
page-rest = more
page-tiles = The market in figures
legend-red-up = Red is up, green is down, as on Chinese screens.
legend-green-up = Green is up, red is down.
legend-colour-blind = Orange is up, blue is down.

column-mark = Item
column-value = Value
column-area = Turnover
column-flows-to = Goes to
column-layer = Layer
column-table = Table
column-source = Source
column-digest = Digest
column-key = Key

card-exact = Exact
card-definition = Definition
card-population = Population
card-coverage = Coverage
card-coverage-value = { $judged } judged, { $unjudged } not judged
card-basis = Basis
card-basis-exact = Exact: all inputs as reported by their source
card-basis-derived = Derived: its previous closes are the last traded closes, not reported by the source
card-basis-restated = Restated: the group’s members are taken from a list of a later date
card-basis-estimated = Estimated: at least one input is an estimate
card-basis-partial = Partial: the data lack securities or sessions it should include, or what is needed to judge them
card-basis-none = None: there is no value
card-inputs = Sources
card-explain = Check it
card-close = Close
card-unknown = Not known
card-no-reason = the data does not hold this figure
