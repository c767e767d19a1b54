package dev.perennial.app.cli;

import dev.perennial.app.audit.Act;
import dev.perennial.app.audit.Action;
import dev.perennial.app.audit.AuditLog;
import dev.perennial.app.audit.Reads;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collection;

/** Takes down what a command changes in files: in the log alone, for there may be no Kafka. */
final class CommandAudit {
  private CommandAudit() {}

  /**
   * @param object the public id of what was changed; empty where there is none
   */
  static void tell(Action action, String object) {
    tell(act(action).on(object));
  }

  /** One for each key of the ring. */
  static void tell(Action action, Collection<Long> keys) {
    keys.forEach(key -> tell(action, Long.toString(key)));
  }

  /** Done to many things at once. */
  static void tell(Action action, long count) {
    tell(act(action).times(count));
  }

  /**
   * @param why for machines, e.g. {@code refused}
   */
  static void failed(Action action, String why) {
    tell(act(action).failed(why));
  }

  private static Act act(Action action) {
    return Act.atCommandLine(String.valueOf(System.getProperty("user.name")), action);
  }

  private static void tell(Act act) {
    new AuditLog(Reads.NONE, InstantSource.system(), System::nanoTime, new SecureRandom(), _ -> {})
        .tell(act);
  }
}
