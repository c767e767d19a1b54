package dev.perennial.app.audit;

/** Takes down what was done. Thread-safe; never blocks and never throws. */
@FunctionalInterface
public interface AuditTrail {

  /** Takes nothing down. */
  AuditTrail NONE = _ -> {};

  void tell(Act act);
}
