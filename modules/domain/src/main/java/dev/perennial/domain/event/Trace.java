package dev.perennial.domain.event;

/** The trace that a record belongs to, so that what it causes belongs there too. Thread-safe. */
@FunctionalInterface
public interface Trace {

  /** None: the work stands for itself. */
  Trace NONE = Runnable::run;

  /** Does the work as part of the trace, on this thread; what the work throws goes through. */
  void resume(Runnable work);
}
