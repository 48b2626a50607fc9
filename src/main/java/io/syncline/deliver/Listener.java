package io.syncline.deliver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncline.run.RunRequest;
import org.apache.camel.ProducerTemplate;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.stereotype.Component;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Hears of edits as they are saved, gathers what comes within a moment, and asks for a run that seals and sends them. Whoever saves waits for nothing, and what
 * is not heard is found by the next look at the journal.
 */
@Component
class Listener implements ApplicationListener<ApplicationReadyEvent>, DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final int LOOK_UP = 500;
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

    private final DataSource database;
    private final ProducerTemplate routes;
    private final Unsent unsent;
    private final ObjectMapper json;
    private final boolean wanted;
    private final Duration moment;
    private final Thread thread = new Thread(this::listen, "syncline-edits");
    private final CountDownLatch stop = new CountDownLatch(1);

    /**
     * @param wanted {@code syncline.push.after-save}
     * @param moment {@code syncline.push.debounce}: so long edits gather, 1 s unless set
     */
    Listener(DataSource database, ProducerTemplate routes, Unsent unsent, ObjectMapper json, @Value("${syncline.push.after-save:true}") boolean wanted,
            @Value("${syncline.push.debounce:1s}") Duration moment) {
        this.database = database;
        this.routes = routes;
        this.unsent = unsent;
        this.json = json;
        this.wanted = wanted;
        this.moment = moment;
        thread.setDaemon(true);
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        if (wanted) {
            thread.start();
        }
    }

    private void listen() {
        while (!isStopped()) {
            try (Connection connection = database.getConnection()) {
                connection.createStatement().execute("listen syncline_edit");
                PGConnection listening = connection.unwrap(PGConnection.class);
                while (!isStopped()) {
                    hear(listening);
                }
                connection.createStatement().execute("unlisten *");
            } catch (SQLException e) {
                rest(AFTER_FAILURE, e);
            }
        }
    }

    private void hear(PGConnection listening) throws SQLException {
        Set<RunRequest> heard = new LinkedHashSet<>();
        add(heard, listening.getNotifications(LOOK_UP));
        if (heard.isEmpty()) {
            return;
        }
        long until = System.nanoTime() + moment.toNanos();
        for (long left = moment.toMillis(); left > 0 && !isStopped(); left = (until - System.nanoTime()) / 1_000_000) {
            add(heard, listening.getNotifications((int) Math.min(left, LOOK_UP)));
        }
        ask(List.copyOf(heard));
    }

    private void add(Set<RunRequest> heard, PGNotification[] notifications) {
        if (notifications == null) {
            return;
        }
        for (PGNotification each : notifications) {
            try {
                String[] named = json.readValue(each.getParameter(), String[].class);
                RunRequest request = named.length == 2 ? Unsent.request(named[0], named[1], "edit") : null;
                if (request != null && unsent.isConfigured(request)) {
                    heard.add(request);
                }
            } catch (JsonProcessingException e) {
                LOG.debug("Somebody else's notification is passed over: {}", each.getParameter());
            }
        }
    }

    private void ask(List<RunRequest> requests) {
        try {
            routes.sendBody("direct:edited", requests);
        } catch (RuntimeException e) {
            LOG.warn("What was edited could not be sealed now; the next look at the journal finds it: {}", e.getMessage());
        }
    }

    private void rest(Duration time, SQLException why) {
        if (isStopped()) {
            return;
        }
        LOG.warn("Edits are not heard for a moment, and found by the next look at the journal: {}", why.getMessage());
        try {
            stop.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            stop.countDown();
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    @Override
    public void destroy() throws InterruptedException {
        stop.countDown();
        thread.join(2L * LOOK_UP);
    }
}
