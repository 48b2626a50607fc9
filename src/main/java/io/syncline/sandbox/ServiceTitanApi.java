package io.syncline.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The pricebook as its official contract describes it: who is let in, what is read, and what goes wrong. */
final class ServiceTitanApi {
    private static final String SINCE = "modifiedOnOrAfter";
    private static final Pattern PATH = Pattern.compile("/pricebook/v2/tenant/([^/]+)/([a-z]+)(?:/([^/]+))?");
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US).withZone(ZoneOffset.UTC);

    private final ServiceTitanSandbox.Options options;
    private final Records records;
    private final SandboxClock clock;
    private final TokenDesk tokens;
    private final ServiceTitanWrites writes;
    private final BiConsumer<Long, Integer> mutate;

    ServiceTitanApi(ServiceTitanSandbox.Options options, Records records, SandboxClock clock, TokenDesk tokens, ServiceTitanWrites writes,
            BiConsumer<Long, Integer> mutate) {
        this.options = options;
        this.records = records;
        this.clock = clock;
        this.tokens = tokens;
        this.writes = writes;
        this.mutate = mutate;
    }

    /** @param fault what the answer is to suffer, or null */
    Answer answer(Request request, Fault fault) {
        // The moment before the data is looked at: whatever is changed after it may be missing from the answer, whatever before it is in it.
        Instant asked = clock.now();
        return spoiled(honest(request, fault, asked), fault, asked).with("Date", HTTP_DATE.format(asked));
    }

    private Answer honest(Request request, Fault fault, Instant asked) {
        if (fault instanceof Fault.Reset || fault instanceof Fault.Outage) {
            return Answer.empty(0).by(new Answer.Reset());
        } else if (fault instanceof Fault.Status status) {
            return refusal(status, asked);
        } else if (fault instanceof Fault.Html) {
            return Answer.text(200, "text/html", "<!DOCTYPE html><html><head><title>Scheduled maintenance</title></head><body>Back soon.</body></html>");
        } else if (fault instanceof Fault.EmptyBody) {
            return Answer.json(200, new byte[0]);
        } else if (fault instanceof Fault.Mutate change) {
            mutate.accept(change.seed(), change.count());
        } else if (fault instanceof Fault.Act act) {
            act.action().run();
        }
        return request.path().equals("/connect/token") ? tokens.issue(request) : pricebook(request, fault);
    }

    private Answer pricebook(Request request, Fault fault) {
        Matcher path = PATH.matcher(request.path());
        Optional<Entity> entity = path.matches() ? Entity.of(path.group(2)) : Optional.empty();
        boolean bulk = path.matches() && path.group(2).equals("pricebook") && path.group(3) == null;
        if (entity.isEmpty() && !bulk) {
            return Problems.of(404, "There is nothing under this path.");
        }
        if (!tokens.knows(request.header("authorization"))) {
            return Problems.of(401, "The access token is missing, unknown or has expired.").with("WWW-Authenticate", "Bearer");
        }
        if (!options.appKey().equals(request.header("st-app-key"))) {
            return Problems.of(403, "The ST-App-Key is missing or does not belong to this application.");
        }
        if (!options.tenant().equals(path.group(1))) {
            return Problems.of(403, "The application has no access to tenant " + path.group(1) + ".");
        }
        if (bulk) {
            return writes.bulk(request);
        } else if (!request.method().equals("GET")) {
            return writes.answer(request, entity.get(), path.group(3));
        }
        return path.group(3) == null ? list(entity.get(), request, fault) : one(entity.get(), path.group(3));
    }

    private Answer list(Entity entity, Request request, Fault fault) {
        Map<String, String> parameters = new HashMap<>(request.parameters());
        boolean changesOnly = fault instanceof Fault.SinceIgnored ? parameters.remove(SINCE) == null : parameters.containsKey(SINCE);
        if (changesOnly && fault instanceof Fault.SinceExpired) {
            return Problems.of(410, "Changes are not kept for so long.");
        }
        ListQuery query;
        try {
            query = ListQuery.of(entity, parameters);
        } catch (ListQuery.Invalid e) {
            return Problems.of(400, "One or more validation errors occurred.", e.errors());
        }
        List<Item> found = records.list(entity).stream().filter(query.filter()).sorted(query.order()).toList();
        return Answer.json(200, page(found, query, fault).json());
    }

    private static PageAnswer page(List<Item> found, ListQuery query, Fault fault) {
        PageAnswer page = PageAnswer.of(found, query, query.page(), fault instanceof Fault.Shift shift ? shift.rows() : 0);
        if (fault instanceof Fault.NullData) {
            return new PageAnswer(page.page(), page.pageSize(), page.hasMore(), page.total(), null);
        } else if (fault instanceof Fault.NullTotal) {
            return new PageAnswer(page.page(), page.pageSize(), page.hasMore(), null, page.rows());
        } else if (fault instanceof Fault.MoreForever) {
            return new PageAnswer(page.page(), page.pageSize(), true, page.total(), page.rows());
        } else if (fault instanceof Fault.RepeatedPage) {
            return PageAnswer.of(found, query, Math.max(1, query.page() - 1), 0);
        } else if (fault instanceof Fault.EmptyPage) {
            return new PageAnswer(page.page(), page.pageSize(), false, query.includeTotal() ? 0 : null, List.of());
        } else if (fault instanceof Fault.DuplicateRows duplicate) {
            List<Item> rows = new ArrayList<>(page.rows());
            rows.addAll(page.rows().subList(0, Math.min(duplicate.rows(), page.rows().size())));
            return new PageAnswer(page.page(), page.pageSize(), page.hasMore(), page.total(), rows);
        }
        return page;
    }

    private Answer one(Entity entity, String id) {
        return number(id).map(number -> records.find(entity, number).map(this::shown).orElseGet(() -> noRecord(entity, id))).orElseGet(() -> noNumber(id));
    }

    private Answer shown(Item item) {
        Answer answer = Answer.json(200, item.json());
        return writes.habits().versions() == Habits.Versions.NONE ? answer : answer.with("ETag", item.version());
    }

    static Optional<Long> number(String id) {
        return id.matches("\\d{1,18}") ? Optional.of(Long.valueOf(id)) : Optional.empty();
    }

    static Answer noNumber(String id) {
        return Problems.of(400, "One or more validation errors occurred.", Map.of("id", "The value '" + id + "' is not valid."));
    }

    static Answer noRecord(Entity entity, String id) {
        return Problems.of(404, "There is no such record: " + entity.path() + " " + id + ".");
    }

    private static Answer refusal(Fault.Status status, Instant asked) {
        Answer refusal = Problems.of(status.code(), "The request could not be served: " + status.code() + ".");
        if (status.retryAfter() == null) {
            return refusal;
        }
        return refusal.with("Retry-After", status.asDate()
                ? HTTP_DATE.format(asked.plus(status.retryAfter())) : Long.toString(status.retryAfter().toSeconds()));
    }

    private static Answer spoiled(Answer answer, Fault fault, Instant asked) {
        if (fault instanceof Fault.LostAnswer) {
            return Answer.empty(0).by(new Answer.Reset()).having(answer.effects());
        } else if (fault instanceof Fault.StatusAfter after) {
            return refusal(new Fault.Status(after.code()), asked).having(answer.effects());
        } else if (fault instanceof Fault.LateAnswer late) {
            return answer.by(new Answer.Late(late.by()));
        } else if (fault instanceof Fault.HalfBody) {
            return answer.by(new Answer.Half());
        } else if (fault instanceof Fault.HalfChunk) {
            return answer.by(new Answer.HalfChunk());
        } else if (fault instanceof Fault.ResetAfter) {
            return answer.by(new Answer.ResetAfter());
        } else if (fault instanceof Fault.CutJson) {
            return answer.with(Arrays.copyOf(answer.body(), answer.body().length / 2));
        } else if (fault instanceof Fault.Drip drip) {
            return answer.by(new Answer.Drip(drip.overall()));
        } else if (fault instanceof Fault.WrongCharset) {
            return in(StandardCharsets.ISO_8859_1, answer);
        } else if (fault instanceof Fault.ForeignCharset) {
            return in(StandardCharsets.ISO_8859_1, answer).with("Content-Type", "application/json; charset=iso-8859-1");
        } else if (fault instanceof Fault.Utf16) {
            return in(StandardCharsets.UTF_16BE, answer).with("Content-Type", "application/json");
        } else if (fault instanceof Fault.ByteOrderMark) {
            return answer.with(("\uFEFF" + new String(answer.body(), StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
        } else if (fault instanceof Fault.WithoutField without) {
            return eachRecord(answer, record -> record.remove(without.name()));
        } else if (fault instanceof Fault.FieldAsObject field) {
            return eachRecord(answer, record -> record.set(field.name(), JsonText.object().set("value", record.path(field.name()))));
        }
        return answer;
    }

    private static Answer in(Charset charset, Answer answer) {
        return answer.with(new String(answer.body(), StandardCharsets.UTF_8).getBytes(charset));
    }

    private static Answer eachRecord(Answer answer, Consumer<ObjectNode> change) {
        ObjectNode body = JsonText.object(answer.body());
        if (body.path("data").isArray()) {
            body.path("data").forEach(record -> change.accept((ObjectNode) record));
        } else {
            change.accept(body);
        }
        return answer.with(JsonText.bytes(body));
    }
}
