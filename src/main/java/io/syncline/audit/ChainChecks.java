package io.syncline.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.syncline.config.Explained;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Verifications that somebody asked for. Ten million versions take minutes, so whoever asks does not wait: one goes on at a time, and what it found is kept.
 * One whose process died says so, because its entry is locked for as long as it lives.
 */
@Component
public class ChainChecks implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(ChainChecks.class);
    private static final JsonMapper JSON = new JsonMapper();

    private final JdbcClient sql;
    private final Anchors anchors;
    private final TransactionTemplate picture;
    /** Of this process: those that wait for their turn are not locked yet. */
    private final Set<Long> here = ConcurrentHashMap.newKeySet();
    private final ExecutorService work = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "chain-check");
        thread.setDaemon(true);
        return thread;
    });

    ChainChecks(JdbcClient sql, Anchors anchors, PlatformTransactionManager transactions) {
        this.sql = sql;
        this.anchors = anchors;
        this.picture = new TransactionTemplate(transactions);
        picture.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    /**
     * A verification.
     *
     * @param state    {@code running}, {@code holds}, {@code anchors-missing} where it holds but anchors that were written outside are not there any
     *                 more, {@code broken}, {@code failed}, or {@code interrupted} where its process died
     * @param newest   the number of the newest snapshot that it looked at; null while it runs
     * @param problems what does not hold, and of a failed one why; null while it runs
     * @param anchors  what stands in the file of anchors; null while it runs, and where there is none
     */
    public record Check(long id, String askedBy, Instant askedAt, Instant endedAt, String state, Long newest, JsonNode problems, JsonNode anchors) {
        public boolean isUnderWay() {
            return state.equals("running");
        }
    }

    /** The one that is under way, or a new one. It begins once the transaction that asks for it has ended well. */
    public Check start(String organisation, String sync, String actor) {
        Optional<Check> last = last(organisation, sync).filter(Check::isUnderWay);
        if (last.isPresent()) {
            return last.get();
        }
        long id = sql.sql("insert into syncline.chain_check (organisation, sync, asked_by) values (?, ?, ?) returning id").params(organisation, sync, actor)
                .query(Long.class).single();
        here.add(id);
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCompletion(int status) {
                    if (status == STATUS_COMMITTED) {
                        work.execute(() -> check(id, organisation, sync));
                    } else {
                        here.remove(id);
                    }
                }
            });
        } else {
            work.execute(() -> check(id, organisation, sync));
        }
        return last(organisation, sync).orElseThrow();
    }

    public Optional<Check> last(String organisation, String sync) {
        return sql.sql("""
                select id, asked_by, asked_at, ended_at, state, newest, problems::text, anchors::text
                from syncline.chain_check where organisation = ? and sync = ? order by id desc limit 1""").params(organisation, sync)
                .query((row, n) -> new Check(row.getLong(1), row.getString(2), row.getObject(3, OffsetDateTime.class).toInstant(),
                        row.getObject(4) == null ? null : row.getObject(4, OffsetDateTime.class).toInstant(), row.getString(5), row.getObject(6, Long.class),
                        json(row.getString(7)), json(row.getString(8)))).optional().map(this::stillAlive);
    }

    private Check stillAlive(Check check) {
        boolean left = check.isUnderWay() && !here.contains(check.id()) && !sql.sql("""
                select 1 from syncline.chain_check where id = ? and state = 'running' for update skip locked""").param(check.id()).query(Integer.class).list()
                .isEmpty();
        return left ? new Check(check.id(), check.askedBy(), check.askedAt(), null, "interrupted", null, null, null) : check;
    }

    private static JsonNode json(String text) {
        try {
            return text == null ? null : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a column of the type jsonb holds JSON", e);
        }
    }

    private void check(long id, String organisation, String sync) {
        try {
            AnchorFile.Content outside = anchors.outside().orElse(null);
            picture.executeWithoutResult(status -> {
                sql.sql("select 1 from syncline.chain_check where id = ? for update").param(id).query(Integer.class).single();
                ChainProof.Result result = new ChainProof(sql).verify(organisation, sync, outside);
                long newest = result.chains().stream().filter(chain -> chain.kind().equals("snapshots")).mapToLong(ChainProof.Chain::number).max().orElse(0);
                end(id, result.state(), newest, JSON.valueToTree(result.broken()), result.outside());
            });
        } catch (RuntimeException e) {
            LOG.error("The verification {} of {} could not be made", id, sync, e);
            end(id, "failed", null, JSON.createArrayNode().add(Explained.in(e).map(Explained::getMessage)
                    .orElse("It could not be made. An operator finds the reason in the log.")), null);
        } finally {
            here.remove(id);
        }
    }

    private void end(long id, String state, Long newest, JsonNode problems, AnchorsThere outside) {
        sql.sql("""
                update syncline.chain_check set state = :state, ended_at = clock_timestamp(), newest = :newest, problems = :problems::jsonb,
                    anchors = :anchors::jsonb where id = :id""")
                .param("state", state).param("newest", newest).param("problems", problems.toString())
                .param("anchors", outside == null ? null : JSON.valueToTree(outside).toString()).param("id", id).update();
    }

    @Override
    public void destroy() {
        work.shutdownNow();
    }
}
