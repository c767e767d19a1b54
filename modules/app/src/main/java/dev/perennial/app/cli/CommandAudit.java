package dev.perennial.app.cli;

import dev.perennial.app.audit.Act;
import dev.perennial.app.audit.Action;
import dev.perennial.app.audit.AuditLog;
import dev.perennial.app.audit.Reads;
import java.security.SecureRandom;
import java.time.InstantSource;

/** Takes down what a command changes in files: in the log alone, for there may be no Kafka. */
final class CommandAudit {
  private CommandAudit() {}

  /**
   * @param object the public id of what was changed; empty where there is none
   */
  static void tell(Action action, String object) {
    new AuditLog(Reads.NONE, InstantSource.system(), System::nanoTime, new SecureRandom(), _ -> {})
        .tell(
            Act.atCommandLine(String.valueOf(System.getProperty("user.name")), action).on(object));
  }
}
