package io.syncline.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.syncline.config.SourceConfig.JdbcResource;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.source.SourceFailure.Kind;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code kind: jdbc}: a PostgreSQL database, read by keyset through camel-jdbc, in read-only transactions of at most 30 s. */
final class JdbcReader implements SourceReader {
    private final CamelContext camel;
    private final ProducerTemplate template;
    private final JdbcPools pools;

    JdbcReader(CamelContext camel, JdbcPools pools) {
        this.camel = camel;
        this.template = camel.createProducerTemplate();
        this.pools = pools;
    }

    @Override
    public PageReader open(Read read, String resume) {
        return new Pages(read, resume);
    }

    @Override
    public Optional<Observed> byId(Read read, String key) {
        JdbcResource resource = (JdbcResource) read.resource();
        Asked asked = new Asked(read.system().name(), "query " + resource.name() + " for \"" + Asked.shown(key) + "\"");
        List<String> parts = KeyParts.of(key, resource.key().size());
        if (parts.size() != resource.key().size()) {
            throw asked.failure(Kind.REFUSED, "the key has " + parts.size() + " parts, the resource's has " + resource.key().size(),
                    "Give the key as it stands in the table");
        }
        List<Map<String, Object>> rows = rows(read, JdbcQuery.byKey(resource, parts), asked);
        if (rows.size() > 1) {
            throw notAKey(resource, asked);
        }
        return rows.stream().findFirst().map(row -> observed(read, (String) row.get("record"), asked));
    }

    /** A keyset does not move under the reader. */
    @Override
    public boolean drifts(Read read) {
        return false;
    }

    private final class Pages implements PageReader {
        private final Read read;
        private final JdbcResource resource;
        private final Asked asked;
        private List<String> after;
        private int number;
        private long unreadable;
        private Instant askedAt;

        Pages(Read read, String resume) {
            this.read = read;
            this.resource = (JdbcResource) read.resource();
            this.asked = new Asked(read.system().name(), "query " + resource.name());
            Position position = Position.of(resume, asked);
            this.number = position.page();
            this.after = position.at() == null ? null : keyOf(position.at());
        }

        @Override
        public Page next() {
            if (askedAt == null) {
                start();
            }
            List<Map<String, Object>> rows = rows(read, JdbcQuery.page(resource, read.since(), after), asked);
            boolean last = rows.size() <= resource.pageSize();
            List<Observed> records = new ArrayList<>(resource.pageSize());
            List<String> before = after;
            for (Map<String, Object> row : rows) {
                List<String> key = key(row);
                if (key.equals(before)) {
                    throw notAKey(resource, asked);
                }
                before = key;
                if (records.size() < resource.pageSize()) {
                    after = key;
                    Observed record = observed(read, (String) row.get("record"), asked);
                    unreadable += record.key() == null ? 1 : 0;
                    records.add(record);
                }
            }
            String incomplete = last && unreadable > 0 ? unreadable + (unreadable == 1 ? " record" : " records") + " came without a readable key" : null;
            String resume = last ? null : Position.ordered(text(after), number + 1).resume();
            return new Page(number++, records, last, resume, null, askedAt, incomplete);
        }

        @Override
        public void close() {
            // Holds nothing open between pages.
        }

        private void start() {
            Map<String, Object> start = rows(read, JdbcQuery.start(resource, read.since()), asked).get(0);
            if (start.get("keyless").equals("true")) {
                throw asked.failure(Kind.NONSENSE, "there are rows without a value in " + String.join(", ", resource.key()),
                        "Declare other key columns, or leave such rows out of the query");
            }
            BigDecimal at = new BigDecimal((String) start.get("at"));
            askedAt = Instant.EPOCH.plus(at.movePointRight(6).setScale(0, RoundingMode.FLOOR).longValueExact(), ChronoUnit.MICROS);
        }

        private List<String> key(Map<String, Object> row) {
            List<String> key = new ArrayList<>(resource.key().size());
            for (int i = 0; i < resource.key().size(); i++) {
                key.add((String) row.get("key" + i));
            }
            return key;
        }

        private List<String> keyOf(String text) {
            try {
                List<String> key = HttpReads.JSON.readValue(text, new TypeReference<List<String>>() { });
                if (key.size() == resource.key().size()) {
                    return key;
                }
            } catch (JsonProcessingException e) {
                throw asked.failure(Kind.POSITION_LOST, "the position to go on from cannot be read", "Start the read over");
            }
            throw asked.failure(Kind.POSITION_LOST, "the position to go on from is of another key", "Start the read over");
        }
    }

    private static String text(List<String> key) {
        return HttpReads.JSON.valueToTree(key).toString();
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> rows(Read read, JdbcQuery query, Asked asked) {
        Exchange exchange = new DefaultExchange(camel, ExchangePattern.InOut);
        exchange.getMessage().setBody(query.sql());
        exchange.getMessage().setHeader("CamelJdbcParameters", query.values());
        template.send("jdbc:" + pools.pool(read, asked) + "?useHeadersAsParameters=true&resetAutoCommit=true", exchange);
        if (exchange.getException() != null) {
            throw failure(exchange.getException(), asked);
        }
        return exchange.getMessage().getBody(List.class);
    }

    private static SourceFailure failure(Exception problem, Asked asked) {
        String state = null;
        for (Throwable at = problem; at != null; at = at.getCause()) {
            if (at instanceof ForbiddenAddress) {
                return asked.failure(Kind.FORBIDDEN_ADDRESS, at.getMessage() + ", an address that is not allowed",
                        "If it is meant, write allowPrivateNetwork: true in the system's file");
            }
            if (at instanceof SourceFailure failure) {
                return failure;
            }
            if (at instanceof SQLException sql && sql.getSQLState() != null) {
                state = sql.getSQLState();
            }
        }
        if (state == null || state.startsWith("08") || state.startsWith("57P") || state.startsWith("53")) {
            return asked.failure(Kind.UNREACHABLE, "the database cannot be reached", "Check that it is up and its address right, then try again");
        }
        if (state.startsWith("28") || state.equals("42501")) {
            return asked.failure(Kind.DENIED, "the database does not let us in (" + state + ")", "Check the credentials and rights of this organisation");
        }
        if (state.equals("57014") || state.equals("55P03")) {
            return asked.failure(Kind.UNREACHABLE, "the database took longer than 30 s", "Give the query an index on its key, or smaller pages");
        }
        return asked.failure(Kind.REFUSED, "the database refuses the query (" + state + ")", "Run the query by hand and correct it in the system's file");
    }

    private static Observed observed(Read read, String record, Asked asked) {
        try (JsonParser parser = JsonAnswer.JSON.createParser(record)) {
            parser.nextToken();
            Observed observed = read.mapping().read(parser);
            return observed.isFit() ? observed : Raw.kept(observed, record);
        } catch (IOException e) {
            throw asked.failure(Kind.NONSENSE, "a row is nested too deep or holds a number or text longer than allowed", "Leave that column out of the query");
        }
    }

    private static SourceFailure notAKey(JdbcResource resource, Asked asked) {
        return asked.failure(Kind.NONSENSE, "several rows have the same " + String.join(", ", resource.key()), "Declare columns as key that identify a row");
    }
}
