package io.syncline.api;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** Says in the log where the server can be reached. */
final class Ready implements ApplicationListener<ApplicationReadyEvent>, Ordered {
    private static final Logger LOG = LoggerFactory.getLogger(Ready.class);

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        LOG.info("Syncline listens on {}", address(event.getApplicationContext().getEnvironment()));
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    static String address(Environment environment) {
        return "http://" + environment.getProperty("server.address", "localhost") + ":" + environment.getProperty("local.server.port");
    }
}
