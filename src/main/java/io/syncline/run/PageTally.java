package io.syncline.run;

import io.syncline.change.Change;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/**
 * Gathers the records of a page. The tally lives on the page, never on a record: the first record's exchange would otherwise become the page's
 * result, and a failing one would end the page without a word.
 */
@Component("pageTally")
class PageTally implements AggregationStrategy {
    @Override
    public Exchange aggregate(Exchange before, Exchange record) {
        throw new IllegalStateException("a page is aggregated with its own exchange at hand");
    }

    @Override
    public Exchange aggregate(Exchange before, Exchange record, Exchange page) {
        Tally tally = page.getVariable("work", PageWork.class).tally();
        Stretch planned = record.getVariable("planned", Stretch.class);
        if (planned != null) {
            planned.changes().forEach(tally::plan);
        } else {
            for (Change change : record.getMessage().getBody(Stretch.class).changes()) {
                tally.count(change.outcome());
                if (change.observed() != null && change.observed().key() != null) {
                    tally.name(change.observed().key(), change.outcome());
                }
            }
        }
        return page;
    }
}
