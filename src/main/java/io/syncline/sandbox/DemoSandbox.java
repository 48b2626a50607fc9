package io.syncline.sandbox;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.Profiles;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * With the profile {@code demo} the sandbox runs before anything asks for its address, and ends after everything else.
 * Its port is {@code syncline.sandbox.port}: 8099 unless said, 0 for a free one. Credentials that are set already are kept, and the sandbox takes them
 * for its own. Where {@code SERVICETITAN_URL} is set already, somebody has a system to talk to, and there is no sandbox.
 */
public final class DemoSandbox implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private static final int USUAL_PORT = 8099;
    private static final String BEAN = "serviceTitanSandbox";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        if (!environment.acceptsProfiles(Profiles.of("demo")) || environment.containsProperty("SERVICETITAN_URL")) {
            return;
        }
        ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(options(environment));
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("SERVICETITAN_URL", sandbox.url());
        settings.put("SERVICETITAN_TOKEN_URL", sandbox.tokenUrl());
        settings.put("SERVICETITAN_TENANT", sandbox.options().tenant());
        settings.put("SERVICETITAN_CLIENT_ID", sandbox.options().clientId());
        settings.put("SERVICETITAN_CLIENT_SECRET", sandbox.options().clientSecret());
        settings.put("SERVICETITAN_APP_KEY", sandbox.options().appKey());
        settings.put("SERVICETITAN_PRIVATE_NETWORK", "true");
        environment.getPropertySources().addLast(new MapPropertySource("sandbox", settings));
        // Beans end in the reverse order of their registration: whatever reads the sandbox ends before it does.
        DefaultListableBeanFactory beans = (DefaultListableBeanFactory) context.getBeanFactory();
        beans.registerSingleton(BEAN, sandbox);
        beans.registerDisposableBean(BEAN, sandbox::close);
        context.addApplicationListener(new FailedStart(sandbox));
    }

    private static ServiceTitanSandbox.Options options(ConfigurableEnvironment environment) {
        ServiceTitanSandbox.Options usual = ServiceTitanSandbox.Options.DEFAULT;
        return usual.port(environment.getProperty("syncline.sandbox.port", Integer.class, USUAL_PORT)).credentials(
                environment.getProperty("SERVICETITAN_TENANT", usual.tenant()),
                environment.getProperty("SERVICETITAN_CLIENT_ID", usual.clientId()),
                environment.getProperty("SERVICETITAN_CLIENT_SECRET", usual.clientSecret()),
                environment.getProperty("SERVICETITAN_APP_KEY", usual.appKey()));
    }

    /** A start may fail before there are beans to end. */
    private record FailedStart(ServiceTitanSandbox sandbox) implements ApplicationListener<ApplicationFailedEvent> {
        @Override
        public void onApplicationEvent(ApplicationFailedEvent event) {
            sandbox.close();
        }
    }
}
