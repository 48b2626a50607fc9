package io.syncline.source;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.syncline.config.SourceConfig.Limits;
import io.syncline.config.SourceConfig.Paging;
import io.syncline.config.SourceConfig.Paging.End;
import io.syncline.config.SourceConfig.RouteResource;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.source.JsonAnswer.Understood;
import io.syncline.source.SourceFailure.Kind;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.support.DefaultExchange;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code kind: route}: any Camel route that answers pages; {@code docs/examples/currencies.yaml} says what it is given and what it answers.
 * An answer may hold 10 MB and take 30 s.
 */
final class RouteReader implements SourceReader {
    private static final int MOST_PAGES = 100_000;
    private static final ObjectMapper JSON = JsonMapper.builder().addModule(new JavaTimeModule()).disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN).build();

    private final CamelContext camel;
    private final ProducerTemplate template;
    private final Waiting waiting;

    RouteReader(CamelContext camel, Waiting waiting) {
        this.camel = camel;
        this.template = camel.createProducerTemplate();
        this.waiting = waiting;
    }

    @Override
    public PageReader open(Read read, String resume) {
        return new Pages(read, resume);
    }

    @Override
    public boolean drifts(Read read) {
        return !((RouteResource) read.resource()).stable();
    }

    private final class Pages implements PageReader {
        private final Read read;
        private final RouteResource resource;
        private final Asked asked;
        private final Paginator paginator;
        private final Paging paging;
        private final Witness witness;
        private Position position;
        private Instant askedAt;

        Pages(Read read, String resume) {
            this.read = read;
            this.resource = (RouteResource) read.resource();
            this.asked = new Asked(read.system().name(), "ask " + resource.uri());
            if (!resource.uri().matches("direct:(//)?[A-Za-z0-9._-]+")) {
                throw asked.failure(Kind.FORBIDDEN_ADDRESS, "this is no plain direct: address", "Put a route in between that begins with direct:");
            }
            this.paging = new Paging(Paging.Kind.CURSOR, "resume", false, 0, null, 0, List.of("next"), List.of("last"), List.of("total"), null, End.EMPTY_PAGE,
                    MOST_PAGES, resource.stable());
            this.paginator = new Paginator(paging);
            this.position = Position.of(resume, asked);
            this.witness = new Witness(paging, position);
        }

        @Override
        public Page next() {
            Instant before = waiting.now();
            HttpAnswer answer = new HttpAnswer(200, Map.of(), bytes(ask()), before);
            Understood told = JsonAnswer.page(answer, List.of("records"), paging, read.mapping(), RecordForm.PLAIN, asked);
            Understood page = new Understood(told.records(), !told.more(), told.next(), told.total(), told.fingerprint());
            String next = paginator.next(position, page, page.total(), answer, asked);
            witness.saw(page, page.total(), next, asked);
            askedAt = askedAt == null ? before : askedAt;
            int number = position.page();
            position = position.then(next, page.records().size(), witness.firstTotal(), page.fingerprint());
            return next == null
                    ? new Page(number, page.records(), true, null, page.total(), askedAt, witness.incomplete(), witness.uncounted())
                    : new Page(number, page.records(), false, position.resume(), page.total(), askedAt, null);
        }

        @Override
        public void close() {
            // Holds nothing open between pages.
        }

        private Object ask() {
            Map<String, Object> request = new HashMap<>();
            request.put("resource", resource.name());
            request.put("since", resource.since() == null || read.since() == null ? null
                    : resource.since().format().write(read.since().minus(resource.since().overlap())));
            request.put("resume", position.at());
            Exchange exchange = new DefaultExchange(camel, ExchangePattern.InOut);
            exchange.getMessage().setBody(request);
            CompletableFuture<Exchange> answer = template.asyncSend(resource.uri() + "?block=false", exchange);
            try {
                answer.get(Limits.DEFAULT.timeout().toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                answer.cancel(true);
                throw asked.failure(Kind.UNREACHABLE, "no answer within 30 s", "Make the route answer smaller pages");
            } catch (InterruptedException e) {
                answer.cancel(true);
                Thread.currentThread().interrupt();
                throw asked.failure(Kind.UNREACHABLE, "stopped before the answer came", "Nothing is wrong with the source; run again");
            } catch (ExecutionException e) {
                throw asked.failure(Kind.UNREACHABLE, "the route failed", "The log says why, under the run's number", e.getCause());
            }
            if (exchange.getException() instanceof DirectConsumerNotAvailableException) {
                throw asked.failure(Kind.REFUSED, "there is no such route", "Put a file with a route from " + resource.uri() + " into routes/");
            }
            if (exchange.getException() != null) {
                throw asked.failure(Kind.UNREACHABLE, "the route failed", "The log says why, under the run's number", exchange.getException());
            }
            return exchange.getMessage().getBody();
        }

        private byte[] bytes(Object answer) {
            byte[] bytes;
            if (answer instanceof Map<?, ?> map) {
                try {
                    bytes = JSON.writeValueAsBytes(map);
                } catch (JsonProcessingException e) {
                    throw asked.failure(Kind.NONSENSE, "the answer holds values that are no JSON", "Answer maps, lists, texts, numbers and times");
                }
            } else {
                bytes = answer instanceof String text ? text.getBytes(StandardCharsets.UTF_8)
                        : answer instanceof byte[] || answer instanceof InputStream ? camel.getTypeConverter().convertTo(byte[].class, answer) : null;
            }
            if (bytes == null) {
                throw asked.failure(Kind.NONSENSE, "the answer is neither a map nor JSON", "Answer as docs/examples/currencies.yaml does");
            }
            if (bytes.length > Limits.DEFAULT.maxBytes()) {
                throw asked.failure(Kind.NONSENSE, "the answer is larger than " + Limits.DEFAULT.maxBytes() + " bytes", "Make the route answer smaller pages");
            }
            return bytes;
        }
    }
}
