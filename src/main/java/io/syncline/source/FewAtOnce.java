package io.syncline.source;

import io.syncline.config.SourceConfig;
import io.syncline.logs.Trail;
import io.syncline.record.Observed;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks for a few single records at a time, so that many of them do not cost the source's answering time each. The next few are asked for when all of these
 * are answered: a source that has somebody wait (429) is left alone by all.
 */
final class FewAtOnce {
    static final int FEW = 4;

    private final Sources sources;
    private final ExecutorService askers = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "record-call");
        thread.setDaemon(true);
        return thread;
    });

    FewAtOnce(Sources sources) {
        this.sources = sources;
    }

    /**
     * What was answered for a key.
     *
     * @param found   null where the source says that there is no such record
     * @param failure null where it was answered
     */
    record Answer(String key, Observed found, SourceFailure failure) {
    }

    /** How many are asked for at once; where no single request goes out for each, one. */
    int width(Read read) {
        return read.system().source() instanceof SourceConfig.Web ? FEW : 1;
    }

    /** The answers, in the order of the keys. */
    List<Answer> ask(Read read, List<String> keys) {
        if (keys.size() == 1) {
            return List.of(ask(read, keys.get(0)));
        }
        List<Callable<Answer>> asked = keys.stream().map(key -> Trail.carried(() -> ask(read, key))).toList();
        List<Answer> answers = new ArrayList<>();
        try {
            for (Future<Answer> answer : askers.invokeAll(asked)) {
                answers.add(answer.get());
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            SourceFailure stopped = new SourceFailure(SourceFailure.Kind.UNREACHABLE,
                    "Stopped before the answers came. Nothing is wrong with the source; run again.");
            return keys.stream().map(key -> new Answer(key, null, stopped)).toList();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }

    private Answer ask(Read read, String key) {
        try {
            return new Answer(key, sources.byId(read, key).orElse(null), null);
        } catch (SourceFailure e) {
            return new Answer(key, null, e);
        }
    }
}
