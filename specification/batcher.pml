/*
 * The engine's promise, as a model for Spin: what is submitted, cancelled, dispatched, expired, tried again and stopped is
 * settled exactly once. README.md says what is modelled, what is left out, and which method each action stands for.
 *
 * The preprocessor chooses a configuration: ITEMS, SLOTS, SIZE (of a batch), ROOM (of the queue), and what may happen.
 *
 *   LINGER          a batch that isn't full waits for the alarm; otherwise it goes as soon as there is a slot
 *   FOREVER         with LINGER: that alarm never rings, so only a full batch goes
 *   CANCELS=n       up to n items are cancelled by their callers
 *   TIMED=n         up to n items are submitted with a timeout, which passes at any moment
 *   RETRY           the processor asks for a second attempt of any item, once
 *   TIMEOUTS=n      up to n batches run out of time
 *   HANG            a call of the processor may never return
 *   GRACEFUL        the batcher is stopped at any moment, and the stop waits for the batches
 *   FORCED          the batcher is stopped by force at any moment; with GRACEFUL, a graceful stop may become a forced one
 *   FINE            what the lock guards and what submitting threads do is split where they meet without it: looking at the
 *                   tail, writing the mark, reading the tail again; storing the item, reading the mark, reading the limit;
 *                   giving the slot back, settling the items
 *   LIVENESS        the LTL formula is checked instead of the final state
 *
 * WRONG=... makes one fault, which must be found.
 */

#ifndef ITEMS
#define ITEMS 3
#endif
#ifndef SLOTS
#define SLOTS 2
#endif
#ifndef SIZE
#define SIZE 2
#endif
#ifndef ROOM
#define ROOM ITEMS
#endif
#ifndef CANCELS
#define CANCELS 0
#endif
#ifndef TIMED
#define TIMED 0
#endif
#ifndef TIMEOUTS
#define TIMEOUTS 0
#endif

/* An item takes a second ticket where it found no room and asks for it once more. */
#if ROOM < ITEMS
#define TICKETS (2 * ITEMS)
#else
#define TICKETS ITEMS
#endif

/* Batches at once: those with a slot, and those that settle what they had in one. "bind" asserts that these are enough. */
#ifdef FINE
#define BATCHES (ITEMS + 2)
#else
#define BATCHES (SLOTS + 1)
#endif

/* The faults. */
#define NONE 0
#define MARK_AFTER_TAIL 1        /* the mark is written after the tail is read */
#define NO_SECOND_LOOK 2         /* the tail is not read again after the mark is written */
#define CANCEL_WITHOUT_CAS 3     /* a cancel looks whether the item is settled, and then settles it */
#define CANCEL_LOOKS_ONCE 4      /* a cancel doesn't look again whether the item has come back to the queue */
#define BEGIN_UNCHECKED 5        /* a batch takes items that are settled */
#define LATE_CELL_FORGOTTEN 6    /* a batch forgets cells in which nothing is stored yet */
#define EXPIRY_KEEPS_ROOM 7      /* an item that expires stays in the queue */
#define EXPIRY_UNMARKED 8        /* an item that expires can still begin */
#define RETRY_LOST 9             /* an item that is to be tried again leaves its batch, but isn't queued */
#define STOP_FORGETS_HANDED 10   /* a forced stop leaves batches alone that have not begun */
#define STOP_DROPS_QUEUE 11      /* a forced stop empties the queue and settles nothing */
#define STOP_ACCEPTS 12          /* a stop doesn't send submitting threads to the engine */
#define STOP_ENDS_EARLY 13       /* a stop doesn't wait for what is settled without a batch */
#define ABANDONED_FREES 14       /* a batch that is abandoned gives its slot back at once */
#define CUT_RUNS 15              /* the task of a batch that was cut runs all the same */
#define OVERFILLED 16            /* a batch takes all that is queued */
#ifndef WRONG
#define WRONG NONE
#endif

#define BIT(i) (1 << (i))
#define IN(set, i) (((set) >> (i)) & 1)
#define ALL ((1 << ITEMS) - 1)
#define NEVER 255

/* ---- what threads reach without the lock ---- */

#define EMPTY 0
#define GONE (ITEMS + 1)         /* otherwise a cell holds the number of its item, from 1 on */

byte tail;                       /* the next ticket */
byte wakeAt;                     /* the ticket whose thread comes to the engine */
byte limit = ROOM;               /* the first ticket without room */
bit closed;                      /* whether to ask the engine before a ticket is taken */
byte cell[TICKETS];

byte done;                       /* the items whose future has ended */
byte settlements[ITEMS];         /* how often that was done */

/* What became of a timed item: its begun field. */
#define NOT_BEGUN 0
#define IN_BATCH 1
#define BACK_IN_QUEUE 2
#define EXPIRED 3
byte timed;
byte begun[ITEMS];

/* ---- what the lock guards ---- */

#define RUNNING 0
#define STOPPING 1
#define STOPPED 2
byte phase;
bit forced;

byte head;
byte released;
#ifdef FINE
byte seenTail;
#else
hidden byte seenTail;
#endif
byte entries;                    /* items that came back, or came late: before all in the queue */
byte tries[ITEMS];               /* attempts of items that came back */
byte lateCells;                  /* tickets whose cell was empty when their batch came */
byte busy;
byte deadlines;                  /* items whose deadline is noted */
byte open;                       /* items that their callers have taken out of the queue and are about to settle */
byte aside;                      /* items that are to be settled without a batch */
bit alarm;                       /* set for what lingers, and for late cells */

/* ---- what a batch's monitor guards ---- */

#define FREE 0                   /* no batch is this one */
#define HANDED_OVER 1
#define CALLING 2                /* the engine's RUNNING */
#define RETURNED 3
#define CUT 4
#define ABANDONED 5
typedef Batch {
  byte step;
  byte from;                     /* the tickets of its load */
  byte to;
  byte entered;                  /* the items of its load that have an entry */
  byte items;                    /* once they are taken */
  byte late;                     /* tickets */
  byte again;                    /* items that the processor wants to try again */
  bit task;                      /* whether the executor has its task */
  bit holdsSlot;
  bit unsettled;
};
Batch batch[BATCHES];

/* ---- time ---- */

bit lingered;                    /* the oldest queued item has lingered for long enough */
byte due;                        /* items whose deadline has passed */
byte overdue;                    /* batches whose time is over */

/* ---- what the properties speak of ---- */

byte accepted;                   /* items whose submission has returned and was not rejected */
byte givenUp;                    /* items that nobody may call the processor with any more */
byte left;                       /* items that may not be queued any more: their callers' cancel has returned, or they expired */
byte calls;                      /* calls of the processor that have begun and not returned */
bit hangs;                       /* one of them never will */
bit stopCalled;                     /* stop was called */
bit ended;                       /* and has ended */

#ifdef HANG
/* Only a forced stop promises something then. */
#define PROMISED (!hangs || forced)
#else
#define PROMISED true
#endif

#define KEPT (!PROMISED || ((accepted & ~done) == 0 && (!stopCalled || ended)))

/* ---- the lock: one request is served after the other ---- */

#define KEEPS 1
#define ASK 2
#define WITHDRAW 3
#define SETTLED 4
#define LATE 5
#define RETURN 6
#define RELEASE 7
#define RING 8
#define STOP 9
#define CLOSE 10
chan lock = [0] of { byte, byte, byte };    /* what is to be done; the item or batch; the ticket of KEEPS */
chan unlock = [0] of { bit };               /* the answer */

/* Scratch of one step; no part of the state. */
hidden byte request;
hidden byte about;
hidden byte ticket;
hidden byte answer;
hidden byte i;
hidden byte k;
hidden byte t;
hidden byte n;
hidden byte share;
hidden byte places;
hidden byte newWakeAt;
hidden byte nextLimit;

/* The future's compare-and-set. */
inline settle(item) {
  if
  :: !IN(done, item) -> done = done | BIT(item); settlements[item]++; assert(settlements[item] == 1)
  :: else
  fi
}

#define ENTRIES (IN(entries, 0) + IN(entries, 1) + IN(entries, 2))
#define QUEUED (ENTRIES + seenTail - released)
#define MAY_DISPATCH (!forced && phase != STOPPED)
#define FREE_SLOT (busy < SLOTS && MAY_DISPATCH)
#define DUE (QUEUED > 0 && (QUEUED >= SIZE || QUEUED >= ROOM || phase != RUNNING || lingered || !LINGERS))
#ifdef FOREVER
#define RINGS false
#else
#define RINGS true
#endif
#ifdef LINGER
#define LINGERS true
#else
#define LINGERS false
#endif

/* Takes an item out of the queue, where it is there: answer. */
inline remove(item) {
  answer = 0;
  if
  :: IN(entries, item) -> entries = entries & ~BIT(item); answer = 1
  :: else ->
    t = head;
    do
    :: t < tail ->
      if
      :: cell[t] == item + 1 -> cell[t] = GONE; released++; answer = 1
      :: else
      fi;
      t++
    :: else -> break
    od;
    do
    :: head < tail && cell[head] == GONE -> head++
    :: else -> break
    od;
    if
    :: released == tail -> head = tail
    :: else
    fi
  fi
}

/* Empties the cells of a batch into its items. When it begins, settled ones are left out. */
inline takeItems(b, begins) {
  batch[b].items = 0;
  i = 0;
  do
  :: i < ITEMS ->
    if
    :: IN(batch[b].entered, i) -> takeItem(b, i, begins)
    :: else
    fi;
    i++
  :: else -> break
  od;
  t = batch[b].from;
  do
  :: t < batch[b].to ->
    if
    :: cell[t] == EMPTY ->
      if
      :: WRONG != LATE_CELL_FORGOTTEN -> batch[b].late = batch[b].late | BIT(t)
      :: else
      fi
    :: cell[t] == GONE -> cell[t] = EMPTY
    :: else -> i = cell[t] - 1; cell[t] = EMPTY; takeItem(b, i, begins)
    fi;
    t++
  :: else -> break
  od;
  batch[b].entered = 0; batch[b].from = 0; batch[b].to = 0
}

inline takeItem(b, item, begins) {
  if
  :: IN(done, item) && WRONG != BEGIN_UNCHECKED
  :: begins && IN(timed, item) && begun[item] == EXPIRED && !IN(done, item)
  :: else ->
    batch[b].items = batch[b].items | BIT(item);
    if
    :: begins && IN(timed, item) -> begun[item] = IN_BATCH
    :: else
    fi
  fi
}

/* A batch is cut off, or abandoned where it is called; its items are settled without it. */
inline cutOff(b) {
  if
  :: batch[b].step == HANDED_OVER ->
    takeItems(b, false);
    batch[b].step = CUT;
    batch[b].holdsSlot = 0;
    busy--
  :: batch[b].step == CALLING ->
    batch[b].step = ABANDONED;
    if
    :: WRONG == ABANDONED_FREES -> batch[b].holdsSlot = 0; busy--
    :: else
    fi
  :: else
  fi;
  aside = aside | (batch[b].items & ~done);
  lateCells = lateCells | batch[b].late;
  batch[b].late = 0;
  batch[b].unsettled = 0;
  overdue = overdue & ~BIT(b);
  if
  :: batch[b].step == CUT && WRONG != CUT_RUNS ->
    batch[b].step = FREE;        /* its task finds it cut, and does nothing */
    batch[b].task = 0;
    batch[b].items = 0
  :: else
  fi
}

inline cutAll() {
  k = 0;
  do
  :: k < BATCHES ->
    if
    :: batch[k].unsettled && !(WRONG == STOP_FORGETS_HANDED && batch[k].step == HANDED_OVER) -> cutOff(k)
    :: else
    fi;
    k++
  :: else -> break
  od
}

inline failQueued() {
  aside = aside | (entries & ~done);
  entries = 0;
  do
  :: head < tail ->
    if
    :: cell[head] == EMPTY -> lateCells = lateCells | BIT(head)
    :: cell[head] == GONE -> cell[head] = EMPTY
    :: else ->
      i = cell[head] - 1;
      cell[head] = EMPTY;
      if
      :: !IN(done, i) && WRONG != STOP_DROPS_QUEUE -> aside = aside | BIT(i)
      :: else
      fi
    fi;
    head++
  :: else -> break
  od;
  released = tail
}

inline stop(force) {
  if
  :: phase == RUNNING ->
    phase = STOPPING;
    stopCalled = 1;
    if
    :: WRONG != STOP_ACCEPTS -> closed = 1; limit = 0; wakeAt = NEVER
    :: else
    fi
  :: else
  fi;
  if
  :: force && phase == STOPPING -> forced = 1; cutAll(); failQueued()
  :: else
  fi
}

/* Items that the processor wants to try again go back to the queue, unless they are settled. */
inline giveBack(b) {
  i = 0;
  do
  :: i < ITEMS ->
    if
    :: IN(batch[b].again, i) && !IN(done, i) && !(IN(timed, i) && begun[i] == EXPIRED) ->
      batch[b].items = batch[b].items & ~BIT(i);
      batch[b].again = batch[b].again & ~BIT(i);
      tries[i]++;
      if
      :: IN(timed, i) -> begun[i] = BACK_IN_QUEUE
      :: else
      fi;
      if
      :: WRONG != RETRY_LOST -> entries = entries | BIT(i)
      :: else
      fi
    :: else
    fi;
    i++
  :: else -> break
  od
}

inline returned(b) {
  lateCells = lateCells | batch[b].late;
  batch[b].late = 0;
  if
  :: batch[b].holdsSlot -> batch[b].holdsSlot = 0; busy--
  :: else
  fi;
  if
  :: batch[b].unsettled && batch[b].step != ABANDONED -> giveBack(b)
  :: else
  fi
}

/* What the thread that holds the lock came for. */
inline change() {
  if
  :: request == KEEPS ->
    if
    :: ticket < head && MAY_DISPATCH -> answer = 1
    :: ticket < head && !MAY_DISPATCH ->
      if
      :: IN(lateCells, ticket) -> lateCells = lateCells & ~BIT(ticket); cell[ticket] = EMPTY; answer = 0
      :: else -> answer = 1
      fi
    :: ticket >= head && phase == RUNNING && ENTRIES + tail - released <= ROOM -> answer = 1
    :: else -> remove(about); answer = 0
    fi
  :: request == ASK ->
    if
    :: phase == RUNNING && ENTRIES + tail - released < ROOM ->
      cell[tail] = about + 1;
      tail++;
      if
      :: IN(timed, about) -> deadlines = deadlines | BIT(about)
      :: else
      fi;
      answer = 1
    :: else -> answer = 0
    fi
  :: request == WITHDRAW ->
    remove(about);
    if
    :: answer -> open = open | BIT(about)
    :: else
    fi
  :: request == SETTLED -> open = open & ~BIT(about)
  :: request == LATE -> lateCells = lateCells | batch[about].late; batch[about].late = 0
  :: request == RETURN -> returned(about)
  :: request == RELEASE -> batch[about].unsettled = 0; overdue = overdue & ~BIT(about)
  :: request == STOP -> stop(about)
  :: request == CLOSE -> aside = aside & ~BIT(about)
  :: else /* RING */
  fi
}

/* What has waited for long enough ends before any of it goes into a batch. */
inline expireOverdue() {
  i = 0;
  do
  :: i < ITEMS && TIMED > 0 ->
    if
    :: IN(deadlines, i) && IN(done, i) -> deadlines = deadlines & ~BIT(i); due = due & ~BIT(i)
    :: IN(deadlines, i) && !IN(done, i) && IN(due, i) ->
      deadlines = deadlines & ~BIT(i);
      due = due & ~BIT(i);
      share = answer;
      if
      :: WRONG != EXPIRY_KEEPS_ROOM -> remove(i)
      :: else
      fi;
      answer = share;
      if
      :: WRONG != EXPIRY_UNMARKED -> begun[i] = EXPIRED
      :: else
      fi;
      givenUp = givenUp | BIT(i);
      left = left | BIT(i);
      aside = aside | BIT(i)
    :: else
    fi;
    i++
  :: else -> break
  od;
  k = 0;
  do
  :: k < BATCHES && TIMEOUTS > 0 ->
    if
    :: IN(overdue, k) ->
      if
      :: batch[k].unsettled && (batch[k].step == HANDED_OVER || batch[k].step == CALLING) -> cutOff(k)
      :: else
      fi;
      overdue = overdue & ~BIT(k)
    :: else
    fi;
    k++
  :: else -> break
  od
}

/* Items that were stored after their batch had come for them. */
inline recoverLate() {
  t = 0;
  do
  :: t < TICKETS && lateCells != 0 ->
    if
    :: IN(lateCells, t) && cell[t] != EMPTY ->
      lateCells = lateCells & ~BIT(t);
      i = cell[t] - 1;
      cell[t] = EMPTY;
      if
      :: IN(done, i)
      :: !IN(done, i) && MAY_DISPATCH -> entries = entries | BIT(i)
      :: else -> aside = aside | BIT(i)
      fi
    :: else
    fi;
    t++
  :: else -> break
  od
}

inline bind() {
  k = 0;
  do
  :: k < BATCHES && batch[k].step != FREE -> k++
  :: else -> break
  od;
  assert(k < BATCHES);
  share = (QUEUED < SIZE || WRONG == OVERFILLED -> QUEUED : SIZE);
  n = 0;
  i = 0;
  do
  :: i < ITEMS && n < share ->
    if
    :: IN(entries, i) ->
      entries = entries & ~BIT(i);
      batch[k].entered = batch[k].entered | BIT(i);
      n++
    :: else
    fi;
    i++
  :: else -> break
  od;
  batch[k].from = head;
  do
  :: head < tail && cell[head] == GONE -> head++
  :: head < tail && cell[head] != GONE && n < share -> head++; released++; n++
  :: else -> break
  od;
  batch[k].to = head;
  if
  :: released == tail -> head = tail
  :: else
  fi;
  assert(n > 0 && n <= SIZE);
  batch[k].step = HANDED_OVER;
  batch[k].task = 1;
  batch[k].holdsSlot = 1;
  batch[k].unsettled = 1;
  busy++;
  lingered = 0
}

/* Binds all that may go. */
inline bindAll() {
  seenTail = tail;
  do
  :: FREE_SLOT && DUE -> bind()
  :: else -> break
  od;
  if
  :: QUEUED == 0 -> lingered = 0
  :: else
  fi
}

/* The mark that a batcher leaves for submitting threads. */
inline nextMark() {
  nextLimit = released + (ENTRIES < ROOM -> ROOM - ENTRIES : 0);
  newWakeAt = NEVER;
  if
  :: seenTail == released -> newWakeAt = seenTail
  :: seenTail != released && FREE_SLOT ->
    newWakeAt = released + (SIZE < ROOM -> SIZE : ROOM) - ENTRIES - 1
  :: else
  fi
}

/* No item is in two places, or queued when it may not be. */
inline checkPlaces() {
  i = 0;
  do
  :: i < ITEMS ->
    places = IN(entries, i);
    t = head;
    do
    :: t < tail -> places = places + (cell[t] == i + 1); t++
    :: else -> break
    od;
    assert(!(IN(left, i) && places > 0));
    k = 0;
    do
    :: k < BATCHES ->
      if
      :: batch[k].step == HANDED_OVER ->
        places = places + IN(batch[k].entered, i);
        t = batch[k].from;
        do
        :: t < batch[k].to -> places = places + (cell[t] == i + 1); t++
        :: else -> break
        od
      :: batch[k].step == CALLING || batch[k].step == RETURNED -> places = places + IN(batch[k].items, i)
      :: else
      fi;
      k++
    :: else -> break
    od;
    assert(places <= 1);
    i++
  :: else -> break
  od
}

inline endIfDone() {
  if
  :: phase == STOPPING && (aside == 0 || WRONG == STOP_ENDS_EARLY) && open == 0 && tail == released &&
      entries == 0 && lateCells == 0 ->
    n = 0;
    k = 0;
    do
    :: k < BATCHES -> n = n + batch[k].unsettled; k++
    :: else -> break
    od;
    if
    :: n == 0 ->
      phase = STOPPED;
      ended = 1;
      assert((accepted & ~done) == 0)
    :: else
    fi
  :: else
  fi
}

inline finish() {
  alarm = phase != STOPPED && (lateCells != 0 || (LINGERS && RINGS && phase == RUNNING && FREE_SLOT && QUEUED > 0));
  endIfDone();
  checkPlaces();
  assert(busy <= SLOTS)
}

/* The lock's holder: its change, and what the dispatcher does after each. */
active proctype Engine() {
#ifdef FINE
  byte mark;
  bit behind;
  bit said;

end:
  do
  :: atomic { lock?request,about,ticket -> d_step { change(); expireOverdue(); recoverLate(); bindAll(); said = answer } };
    do
    :: phase == RUNNING ->
      d_step { nextMark(); mark = newWakeAt; limit = nextLimit; closed = QUEUED >= ROOM };
#if WRONG == MARK_AFTER_TAIL
      behind = tail > mark;
      wakeAt = mark;
#else
      wakeAt = mark;
      behind = (tail > mark && WRONG != NO_SECOND_LOOK);
#endif
      if
      :: behind -> d_step { behind = 0; bindAll() }
      :: else -> break
      fi
    :: else -> break
    od;
    atomic { d_step { finish(); mark = 0; answer = said; said = 0 }; unlock!answer }
  od
#else
end:
  do
  :: atomic {
      lock?request,about,ticket ->
      d_step {
        change();
        expireOverdue();
        recoverLate();
        bindAll();
        if
        :: phase == RUNNING -> nextMark(); limit = nextLimit; closed = QUEUED >= ROOM; wakeAt = newWakeAt
        :: else
        fi;
        finish()
      };
      unlock!answer
    }
  od
#endif
}

/* ---- callers ---- */

byte turn;                       /* callers are alike, so they are numbered in the order in which they come */
byte cancels = CANCELS;
byte timedOnes = TIMED;

inline cancel() {
  if
  :: IN(done, me)
  :: else ->
    atomic { lock!WITHDRAW,me,0; unlock?yes };
#if WRONG == CANCEL_WITHOUT_CAS
    if
    :: IN(done, me)
    :: else -> d_step { settlements[me]++; assert(settlements[me] == 1); done = done | BIT(me); givenUp = givenUp | BIT(me) }
    fi;
#else
    d_step {
      if
      :: !IN(done, me) -> settle(me); givenUp = givenUp | BIT(me)
      :: else
      fi
    };
#endif
    atomic {
      if
      :: yes || WRONG == CANCEL_LOOKS_ONCE
      :: else -> lock!WITHDRAW,me,0; unlock?yes
      fi;
      if
      :: yes -> lock!SETTLED,me,0; unlock?_
      :: else
      fi;
      yes = 0;
      left = left | BIT(me)
    }
  fi
}

#if defined(GRACEFUL) || defined(FORCED) || ROOM < ITEMS
#define CLOSES
#endif

/* "process" returns a future. */
inline accepts() {
  assert(!late);
  yes = 0;
  mine = 0;
  accepted = accepted | BIT(me)
}

proctype Caller(byte me) {
  byte mine;
  bit yes;
  bit late;                      /* whether a stop had begun before the submission */

#ifdef CLOSES
  if
  :: d_step { timedOnes > 0 && turn == me -> timedOnes--; timed = timed | BIT(me); turn++; late = phase != RUNNING };
    goto ask
  :: d_step { closed -> late = phase != RUNNING };
    d_step { turn == me -> turn++ };
    goto ask
  :: d_step { !closed -> late = phase != RUNNING }
  fi;
  d_step { turn == me -> mine = tail; tail++; turn++ };
#else
  if
  :: d_step { timedOnes > 0 && turn == me -> timedOnes--; timed = timed | BIT(me); turn++ };
    goto ask
  :: d_step { turn == me -> mine = tail; tail++; turn++ }
  fi;
#endif
#ifdef FINE
  cell[mine] = me + 1;
  if
  :: mine == wakeAt -> yes = 1
  :: else
  fi;
  if
  :: yes || mine >= limit -> yes = 0
  :: else -> goto accept
  fi;
#else
  if
  :: d_step { mine == wakeAt || mine >= limit -> cell[mine] = me + 1 }
  :: d_step { mine != wakeAt && mine < limit -> cell[mine] = me + 1; accepts() }; goto owned
  fi;
#endif
  atomic {
    lock!KEEPS,me,mine;
    unlock?yes;
    if
    :: yes -> goto accept
    :: else
    fi
  };
ask:
  atomic {
    lock!ASK,me,0;
    unlock?yes;
    if
    :: yes
    :: else -> settle(me); mine = 0; late = 0; goto end_over
    fi
  };
accept:
  atomic { accepts() };
owned:
#if CANCELS > 0
  if
  :: d_step { cancels > 0 -> cancels-- }; cancel()
  :: true
  fi;
#endif
end_over:
  false
}

/* ---- threads of the executor ---- */

inline want(item) {
  if
  :: IN(batch[me].items, item) && tries[item] == 0 -> batch[me].again = batch[me].again | BIT(item)
  :: true
  fi
}

#define TO_SETTLE (batch[me].items & ~batch[me].again)

inline settleItem(item) {
  if
  :: IN(TO_SETTLE, item) -> settle(item)
  :: else
  fi
}

proctype Thread(byte me) {
end:
  do
  :: d_step { batch[me].task ->
      batch[me].task = 0;
      if
      :: batch[me].step == HANDED_OVER -> takeItems(me, true)
      :: else
      fi;
      batch[me].step = CALLING;
      if
      :: batch[me].items != 0 -> /* the call begins */
        calls++;
        assert(calls <= SLOTS);
        assert((batch[me].items & givenUp) == 0);
        assert(!forced)
      :: else
      fi };
    if
    :: batch[me].late != 0 -> atomic { lock!LATE,me,0; unlock?_ }
    :: else
    fi;
    if
    :: atomic { true ->
        if
        :: batch[me].items != 0 -> /* the call returns */
          calls--;
#ifdef RETRY
          want(0);
          want(1);
#if ITEMS > 2
          want(2)
#endif
#endif
        :: else
        fi;
        if
        :: batch[me].step != ABANDONED -> batch[me].step = RETURNED
        :: else
        fi
      }
#ifdef HANG
    :: d_step { batch[me].items != 0 && !hangs -> hangs = 1 };
end_hang:
      false
#endif
    fi;
#ifdef FINE
    atomic { lock!RETURN,me,0; unlock?_ };
    atomic {
#else
    atomic {
      lock!RETURN,me,0;
      unlock?_;
#endif
      if
      :: batch[me].step != ABANDONED ->
        settleItem(0);
        settleItem(1);
#if ITEMS > 2
        settleItem(2);
#endif
        lock!RELEASE,me,0;
        unlock?_
      :: else
      fi;
      batch[me].step = FREE;
      batch[me].items = 0;
      batch[me].again = 0
    }
  od
}

/* ---- other threads ---- */

/* Settles what ends without a batch. */
active proctype Aside() {
end:
  do
  :: atomic { IN(aside, 0) -> settle(0); lock!CLOSE,0,0; unlock?_ }
  :: atomic { IN(aside, 1) -> settle(1); lock!CLOSE,1,0; unlock?_ }
#if ITEMS > 2
  :: atomic { IN(aside, 2) -> settle(2); lock!CLOSE,2,0; unlock?_ }
#endif
  od
}

/* Time passes for what lingers, and for cells that are filled late. */
active proctype Timer() {
end:
  do
  :: atomic { alarm -> alarm = 0; lingered = 1; lock!RING,0,0; unlock?_ }
  od
}

#if TIMED > 0
active proctype ItemTimer() {
end:
  do
  :: atomic { (deadlines & ~due & ~done & 1) != 0 -> due = due | 1; lock!RING,0,0; unlock?_ }
  :: atomic { (deadlines & ~due & ~done & 2) != 0 -> due = due | 2; lock!RING,0,0; unlock?_ }
  :: atomic { (deadlines & ~due & ~done & 4) != 0 -> due = due | 4; lock!RING,0,0; unlock?_ }
  od
}
#endif

#if TIMEOUTS > 0
#define LIMITED(b) (batch[b].unsettled && (batch[b].step == HANDED_OVER || batch[b].step == CALLING))
active proctype BatchTimer() {
  byte times = TIMEOUTS;
end:
  do
  :: atomic { times > 0 && LIMITED(0) -> times--; overdue = overdue | 1; lock!RING,0,0; unlock?_ }
  :: atomic { times > 0 && LIMITED(1) -> times--; overdue = overdue | 2; lock!RING,0,0; unlock?_ }
#if BATCHES > 2
  :: atomic { times > 0 && LIMITED(2) -> times--; overdue = overdue | 4; lock!RING,0,0; unlock?_ }
#endif
#if BATCHES > 3
  :: atomic { times > 0 && LIMITED(3) -> times--; overdue = overdue | 8; lock!RING,0,0; unlock?_ }
#endif
  od
}
#endif

#if defined(GRACEFUL) || defined(FORCED)
active proctype Stopper() {
  if
#ifdef GRACEFUL
  :: atomic { lock!STOP,0,0; unlock?_ };
#ifdef FORCED
    if
    :: atomic { lock!STOP,1,0; unlock?_ }
    :: true
    fi
#endif
#endif
#ifdef FORCED
  :: atomic { lock!STOP,1,0; unlock?_ }
#endif
  fi
}
#endif

#ifndef LIVENESS
/* When nothing moves any more, everything is settled, and all that was taken was given back. */
active proctype Final() {
  timeout ->
#ifdef FOREVER
    assert(ENTRIES + tail - released < SIZE);    /* a full batch waits for no alarm */
#else
    assert(KEPT);
    assert(!PROMISED || (aside == 0 && open == 0 && entries == 0 && lateCells == 0 && tail == released));
#endif
    assert(busy == hangs && calls == hangs)
}
#else
ltl promise { [] <> (KEPT) }
#endif

init {
  atomic {
    i = 0;
    do
    :: i < ITEMS -> run Caller(i); i++
    :: else -> break
    od;
    k = 0;
    do
    :: k < BATCHES -> run Thread(k); k++
    :: else -> break
    od;
    i = 0;
    k = 0
  }
}
