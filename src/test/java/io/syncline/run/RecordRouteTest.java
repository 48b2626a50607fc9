package io.syncline.run;

import io.syncline.change.Change;
import io.syncline.change.Outcome;
import io.syncline.routes.RouteCoverage;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The real record routes with a classifier that says what it is told to say, so that every channel and every way out of it is seen. */
class RecordRouteTest {
    private DefaultCamelContext camel;

    /** Sends each stretch where its first change says, or fails. */
    public static final class Told {
        public String channel(@Body Stretch stretch) {
            String told = stretch.changes().get(0).reason();
            if (told.equals("fails")) {
                throw new IllegalStateException("a fault of ours");
            }
            return told;
        }

        public Stretch rejected(Stretch stretch, Exception failure) {
            return stretch.rejected();
        }
    }

    @BeforeEach
    void start() throws Exception {
        camel = new DefaultCamelContext();
        camel.getCamelContextExtension().addInterceptStrategy(RouteCoverage.interceptor());
        camel.setSourceLocationEnabled(true);
        camel.getRegistry().bind("judge", new Told());
        camel.getRegistry().bind("pageTally", new PageTally());
        List<Resource> files = Stream.of("record", "channels", "errors").map(file -> PluginHelper.getResourceLoader(camel)
                .resolveResource("file:routes/" + file + ".yaml")).toList();
        PluginHelper.getRoutesLoader(camel).loadRoutes(files);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:page").split(body()).aggregationStrategy("pageTally").to("direct:record");
            }
        });
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    /** What is parked, held or left out is decided later, over the whole plan. */
    @ParameterizedTest
    @EnumSource(value = Outcome.class, mode = EnumSource.Mode.EXCLUDE, names = {"PARKED", "HELD", "MOVED"})
    void everyOutcomeOfAJudgementHasItsChannel(Outcome outcome) {
        Tally tally = page(told(outcome, true));
        boolean counted = outcome == Outcome.STALE;
        assertThat(tally.planned()).hasSize(counted ? 0 : 1);
        assertThat(tally.counts()).isEqualTo(counted ? Map.of(Outcome.STALE, 1) : Map.of());
    }

    @Test
    void whatIsAsAgreedIsOnlyCounted() {
        Tally tally = page(told(Outcome.UNCHANGED, false));
        assertThat(tally.planned()).isEmpty();
        assertThat(tally.counts()).isEqualTo(Map.of(Outcome.UNCHANGED, 1));
    }

    /** Promise 8. */
    @Test
    void recordsThatTheirChannelFailsAreSetAsideAndTheirNeighboursGoOn() {
        Tally tally = page(told(Outcome.CREATE, "fails"), told(Outcome.CREATE, "fails"), told(Outcome.UPDATE, true), told(Outcome.CREATE, true));
        assertThat(tally.planned()).extracting(Change::outcome).containsExactly(Outcome.REJECTED, Outcome.REJECTED, Outcome.UPDATE, Outcome.CREATE);
        assertThat(tally.counts()).isEmpty();
    }

    @Test
    void aJudgementWithoutAChannelIsAFaultNotASilence() {
        Tally tally = page(told(Outcome.CREATE, "no-such-channel"));
        assertThat(tally.planned()).extracting(Change::outcome).containsExactly(Outcome.REJECTED);
    }

    /** What stays as it is and what is to be noted of it go apart, and the order of the source stays. */
    @Test
    void neighboursGoTogetherOnlyWhereTheyGoTheSameWay() {
        Tally tally = page(told(Outcome.UNCHANGED, false), told(Outcome.UNCHANGED, true), told(Outcome.UNCHANGED, true), told(Outcome.CREATE, true),
                told(Outcome.UNCHANGED, false));
        assertThat(tally.planned()).extracting(Change::outcome).containsExactly(Outcome.UNCHANGED, Outcome.UNCHANGED, Outcome.CREATE);
        assertThat(tally.counts()).isEqualTo(Map.of(Outcome.UNCHANGED, 2));
    }

    private Tally page(Change... records) {
        PageWork work = new PageWork(1, "source", records.length, List.of(), new long[0], null, new Tally());
        Exchange page = camel.createProducerTemplate().send("direct:page", exchange -> {
            exchange.setVariable("work", work);
            exchange.getMessage().setBody(Stretch.of(List.of(records)));
        });
        assertThat(page.getException()).isNull();
        return work.tally();
    }

    private static Change told(Outcome outcome, String channel) {
        return new Change(outcome, channel, null, null, null, true, List.of(), null);
    }

    private static Change told(Outcome outcome, boolean agrees) {
        return new Change(outcome, outcome.channel(), null, null, null, agrees, List.of(), null);
    }
}
