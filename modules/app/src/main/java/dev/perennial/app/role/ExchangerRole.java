package dev.perennial.app.role;

import dev.perennial.app.admin.Readiness.Check;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.metric.WorkerMeters;
import dev.perennial.domain.event.Event;
import dev.perennial.exchanger.CodeHandler;
import dev.perennial.exchanger.ExchangeListener;
import dev.perennial.exchanger.ExchangerPorts;
import dev.perennial.exchanger.ExchangerSettings;
import dev.perennial.exchanger.Providers;
import dev.perennial.exchanger.RefreshHandler;
import dev.perennial.stream.EventRecordHandler;
import dev.perennial.stream.KeyOrderedWorker;
import dev.perennial.stream.PoisonException;
import dev.perennial.stream.WorkerSettings;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.MDC;

/**
 * Watches {@code code-received} and {@code refresh-due}, each with a worker of its own, so that a
 * person who waits never stands behind a backlog.
 */
final class ExchangerRole implements RunningRole {
  private final Foundation on;
  private final ExchangerPulse pulse;
  private final CodeHandler codes;
  private final RefreshHandler refreshes;
  private final KeyOrderedWorker codeWorker;
  private final KeyOrderedWorker refreshWorker;
  private final Precedence precedence;

  ExchangerRole(Foundation on, NodeOptions options) {
    this.on = on;
    ExchangerSettings settings = Settings.exchanger(on.config, options);
    this.pulse =
        new ExchangerPulse(
            on.exchangerReports, ProcessName.of(on.random), settings.inFlightPerIntegration());
    ExchangeListener listener = ExchangeListener.both(on.exchanges(), pulse);
    ExchangerPorts ports =
        new ExchangerPorts(
            on.integrations,
            on.store,
            on.events,
            on.sealer,
            on.calls,
            on.limits,
            on::redirectUrl,
            () -> UUID.randomUUID().toString(),
            listener);
    Providers providers = new Providers(on.clock, listener);
    this.codes = new CodeHandler(ports, on.codes, on.timing, on.endpoint, providers);
    this.refreshes = new RefreshHandler(ports, on.timing, on.endpoint, providers, settings);
    pulse.start(refreshes::inFlight);
    this.codeWorker = work(settings(on.topics.codeReceived()), this::code);
    this.refreshWorker =
        work(
            settings(on.topics.refreshDue())
                .withPlaces(settings.inFlightPerIntegration(), patience(on.config)),
            this::refresh);
    this.precedence = precedence();
    precedence.start();
  }

  private Precedence precedence() {
    return new Precedence(
        new Precedence.Controls(
            codeWorker::inFlight,
            codeWorker::handled,
            on.redis::answers,
            refreshWorker::inFlight,
            refreshWorker::allow),
        on.config.exchanger().maxInFlight(),
        System::nanoTime);
  }

  private WorkerSettings settings(String topic) {
    return Settings.worker(on.config, on.exchangers(topic), topic, on.topics.deadLetter());
  }

  /** Well before the scheduler takes the event for lost and says it again. */
  private static Duration patience(PerennialConfig config) {
    return config.refresh().reemit().multipliedBy(2).dividedBy(5);
  }

  private KeyOrderedWorker work(WorkerSettings settings, Consumer<Event> handler) {
    KeyOrderedWorker worker =
        KeyOrderedWorker.start(
            on.kafka,
            settings,
            new EventRecordHandler(on.codec, handler, on.tracing),
            on.publisher,
            on.random,
            System::nanoTime);
    WorkerMeters.of(on.meters, last(settings.topic()), worker);
    return worker;
  }

  /** {@code code-received}: the topic's name without the prefix. */
  private String last(String topic) {
    return topic.substring(on.config.topics().prefix().length() + 1);
  }

  private void code(Event event) {
    if (!(event instanceof Event.CodeReceived code)) {
      throw new PoisonException("not a code-received event");
    }
    about(code, () -> codes.handle(code));
  }

  private void refresh(Event event) {
    if (!(event instanceof Event.RefreshDue due)) {
      throw new PoisonException("not a refresh-due event");
    }
    about(due, () -> refreshes.handle(due));
  }

  /** What is logged on the way says whom it is about. */
  private static void about(Event event, Runnable work) {
    try (MDC.MDCCloseable _ = MDC.putCloseable("role", Role.EXCHANGER.text());
        MDC.MDCCloseable _ = MDC.putCloseable("integration", event.key().integration());
        MDC.MDCCloseable _ = MDC.putCloseable("connection", event.key().connection())) {
      work.run();
    }
  }

  @Override
  public List<Check> checks() {
    boolean well = codeWorker.healthy() && refreshWorker.healthy();
    return List.of(
        well
            ? Check.up("exchanger")
            : Check.down("exchanger", "not in its consumer groups yet, or Kafka went silent"));
  }

  @Override
  public void close() {
    Thread codesDrained = Thread.ofVirtual().start(codeWorker::close);
    refreshWorker.close();
    Waiting.forEnd(codesDrained);
    precedence.close(); // not before: it lets all refreshes start again
    codes.close();
    refreshes.close();
    pulse.close();
  }
}
