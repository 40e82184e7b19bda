-- Wireshark dissector of FTMP (docs/protocol/ftmp.md). It needs no set-up: datagrams of UDP that begin with the letters
-- FTMP or FTMX are taken, on any port. Clauses in comments are those of that page.
--
-- Fields have the names of the page: ftmp.source == "1.1a2b3c4d", ftmp.type == 8, ftmp.refused, ftmp.again.

local ftmp = Proto("ftmp", "Fault-Tolerant Multicast Protocol")

local header_bytes = 36
local sum_bytes = 4
local envelope_bytes = 48
local members_max = 255
local ahead_max = 2^20
local marks_max = 510
local address_bytes_max = 64
local datagram_bytes_max = 65507
local counter_max = 2^52
local round_max = 2^31
local request_bytes = 24

-- K1
local types = {
  [0] = "regular", [1] = "retransmitRequest", [2] = "heartbeat", [3] = "connectRequest", [4] = "connect",
  [5] = "addProcessor", [6] = "removeProcessor", [7] = "suspect", [8] = "membership",
  [16] = "join", [17] = "refuse", [18] = "announce", [19] = "slice",
}
-- K2
local reliable = {
  regular = true, connect = true, addProcessor = true, removeProcessor = true, suspect = true, membership = true,
}
local stages = { [0] = "between", [1] = "within", [2] = "void" }
local phases = { [0] = "propose", [1] = "ready", [2] = "installed" }
-- X1
local kinds = { [0] = "data", [1] = "challenge", [2] = "answer" }
local reasons = { [0] = "excluded", [1] = "version", [2] = "full", [3] = "rival" }

-- Fields

local f = {}

local all_fields = {}
do
  local function add(make, name, title, ...)
    local made = make("ftmp." .. name, title, ...)
    f[name] = made
    all_fields[#all_fields + 1] = made
  end
  local u8, u16, u32, u64 = ProtoField.uint8, ProtoField.uint16, ProtoField.uint32, ProtoField.uint64
  local text, bytes, bool = ProtoField.string, ProtoField.bytes, ProtoField.bool

  add(text, "magic", "Magic")
  add(u8, "major", "Major version")
  add(u8, "minor", "Minor version")
  add(u8, "flags", "Flags", base.HEX)
  add(bool, "little", "Little endian", 8, nil, 0x01)
  add(bool, "again", "Retransmission", 8, nil, 0x02)
  add(bool, "packed", "Packed", 8, nil, 0x04)
  add(bool, "safe", "Safe", 8, nil, 0x08)
  add(bool, "parts.request.reply", "Reply", 8, nil, 0x10)
  add(u8, "type", "Type", base.DEC, types)
  add(u32, "size", "Size")
  add(text, "source", "Source")
  add(u32, "group", "Group")
  add(u32, "sequence", "Sequence")
  add(u32, "timestamp", "Timestamp")
  add(u32, "ack", "Ack")
  add(u32, "sum", "CRC-32", base.HEX)
  add(text, "refused", "Refused")

  -- The head of an encrypted datagram (X1 of docs/protocol/ftmp-envelope.md)
  add(u8, "envelope.version", "Version of the envelope")
  add(u8, "envelope.kind", "Kind", base.DEC, kinds)
  add(u16, "envelope.keyId", "Cluster key")
  add(bytes, "envelope.transmitter", "Transmitter")
  add(u64, "envelope.counter", "Counter")

  -- Views, connections and members stand at several places.
  local function add_view(name, title)
    add(u64, name .. ".timestamp", title .. " timestamp")
    add(text, name .. ".processor", title .. " processor")
  end
  local function add_connection(name)
    for _, side in ipairs({ "client", "server" }) do
      add(u32, name .. "." .. side .. ".domain", "Domain of the " .. side)
      add(u32, name .. "." .. side .. ".group", "Object group of the " .. side)
    end
  end
  local function add_member(name, title)
    add(text, name .. ".id", title)
    add(u64, name .. ".sequence", title .. " sequence")
    add(bytes, name .. ".address", title .. " address")
  end
  add(u8, "members.stage", "Member stage", base.DEC, stages)

  add(u8, "part", "Part", base.HEX)
  add(bool, "parts.first", "First piece", 8, nil, 0x01)
  add(bool, "parts.last", "Last piece", 8, nil, 0x02)
  add(bool, "parts.hasRequest", "Has a request", 8, nil, 0x04)
  add(bool, "parts.restart", "Restart", 8, nil, 0x08)
  add(u32, "parts.length", "Length")
  add_connection("parts.request.connection")
  add(u64, "parts.request.number", "Request number")
  add(bytes, "parts.bytes", "Message")

  add(text, "processor", "Processor")
  add(text, "member", "Member")
  add(u64, "start", "Start")
  add(u64, "stop", "Stop")
  add(u32, "progress", "Progress")
  add(bool, "asks", "Asks")
  add(bool, "stalled", "Stalled")
  add(u32, "ahead", "Lookahead")
  add(text, "confirms.processor", "Confirms the probe of")
  add(u32, "confirms.timestamp", "Its timestamp")
  add(bytes, "padding", "Padding")
  add(u32, "length", "Bytes of the whole")
  add(u32, "offset", "Offset")
  add(bytes, "content", "Content")
  add_connection("connection")
  add(text, "processors", "Processor")
  add(u32, "body.group", "Group")
  add(bytes, "address", "Address")
  add_view("lineage", "Lineage")
  add_view("view", "View")
  add_view("configuration", "Configuration")
  add(u64, "watermark", "Watermark")
  add(text, "members", "Member")
  add_member("members", "Member")
  add_member("newMember", "New member")
  add(text, "suspects", "Suspect")
  add(text, "held.source", "Held of")
  add(u64, "held.sequence", "Held up to")
  add(u64, "held.heard", "Heard up to timestamp")
  add(text, "proposed", "Proposed")
  add(u32, "round", "Round")
  add(u8, "phase", "Phase", base.DEC, phases)
  add(bool, "isAccepted", "Something is accepted")
  add(u32, "accepted.round", "Accepted in round")
  add(text, "accepted.successor.members", "Member of the successor")
  add(text, "accepted.successor.cut.source", "Cut of")
  add(u64, "accepted.successor.cut.sequence", "Cut up to")
  add(u64, "accepted.successor.timestamp", "Timestamp of the successor")
  add(u8, "minorMin", "Lowest minor version")
  add(u8, "minorMax", "Highest minor version")
  add(u64, "body.sequence", "Sequence")
  add(u8, "reason", "Reason", base.DEC, reasons)
  add(bool, "primary", "Primary")
  add(u16, "memberCount", "Members")
  add(u16, "count", "Count")
  add(u16, "addressLength", "Length of the address")
end
ftmp.fields = all_fields

local refusal = ProtoExpert.new("ftmp.refusal", "Refused", expert.group.PROTOCOL, expert.severity.ERROR)
local repeated = ProtoExpert.new("ftmp.repeated", "Sent again", expert.group.SEQUENCE, expert.severity.NOTE)
ftmp.experts = { refusal, repeated }

-- CRC-32 (E11). Lua 5.4 has operators for bits, and older ones a library of one name or another.

local xor, shift_right
if bit32 then
  xor, shift_right = bit32.bxor, bit32.rshift
elseif bit then
  xor = function(a, b) return bit.bxor(a, b) % 4294967296 end
  shift_right = function(a, n) return bit.rshift(a, n) % 4294967296 end
else
  xor = load("return function(a, b) return a ~ b end")()
  shift_right = load("return function(a, n) return a >> n end")()
end

local crc_table = {}
for byte = 0, 255 do
  local crc = byte
  for _ = 1, 8 do
    local odd = crc % 2 == 1
    crc = shift_right(crc, 1)
    if odd then crc = xor(crc, 0xedb88320) end
  end
  crc_table[byte] = crc
end

local function crc32(bytes)
  local crc = 0xffffffff
  for at = 1, #bytes do
    crc = xor(shift_right(crc, 8), crc_table[xor(crc % 256, bytes:byte(at))])
  end
  return xor(crc, 0xffffffff)
end

-- Reading: the first failure is kept, and everything after it reads nothing.

local Reader = {}
Reader.__index = Reader

local function reader_of(tvb, at, stop, little)
  return setmetatable({ tvb = tvb, at = at, stop = stop, is_little = little, failure = nil }, Reader)
end

function Reader:fail(code, problem)
  if self.failure == nil then
    self.failure = { code = code, problem = problem }
    self.stop = self.at
  end
end

function Reader:has(count)
  if self.failure == nil and self.at + count <= self.stop then return true end
  self:fail("BODY", "the input ends too early")
  return false
end

function Reader:take(count)
  local range = self.tvb(self.at, count)
  self.at = self.at + count
  return range
end

function Reader:add(tree, name, range)
  if self.is_little then return tree:add_le(f[name], range) end
  return tree:add(f[name], range)
end

local function uint(self, range)
  if self.is_little then return range:le_uint() end
  return range:uint()
end

-- A number of 1, 2 or 4 bytes.
function Reader:number(tree, name, width)
  if not self:has(width) then return 0 end
  local range = self:take(width)
  self:add(tree, name, range)
  return uint(self, range)
end

-- The two halves of the next eight bytes.
function Reader:halves()
  local first, second = uint(self, self.tvb(self.at, 4)), uint(self, self.tvb(self.at + 4, 4))
  if self.is_little then return second, first end
  return first, second
end

-- W5
function Reader:u64(tree, name)
  if not self:has(8) then return 0 end
  local high, low = self:halves()
  if high >= 0x200000 then
    self:fail("BODY", "the number is larger than 2^53-1")
    return 0
  end
  self:add(tree, name, self:take(8))
  return high * 4294967296 + low
end

-- W7
function Reader:counter(tree, name)
  local value = self:u64(tree, name)
  if value > counter_max then self:fail("LIMIT", "a counter is larger than 2^52") end
  return value
end

-- B9
function Reader:round(tree, name)
  local value = self:number(tree, name, 4)
  if value > round_max then self:fail("LIMIT", "a round is larger than 2^31") end
  return value
end

-- W6
function Reader:flag(tree, name)
  if not self:has(1) then return false end
  local value = self.tvb(self.at, 1):uint()
  if value > 1 then
    self:fail("BODY", "the flag is neither 0 nor 1")
    return false
  end
  tree:add(f[name], self:take(1))
  return value == 1
end

-- W8
local function processor_text(high, low)
  if high < 1 or high > 2097151 then return nil end
  return string.format("%d.%08x", high, low)
end

function Reader:processor(tree, name)
  if not self:has(8) then return "" end
  local text = processor_text(self:halves())
  if text == nil then
    self:fail("BODY", "no processor has this id")
    return ""
  end
  tree:add(f[name], self:take(8), text)
  return text
end

-- W9: a list of items that begin with what must not come twice.
function Reader:list(tree, name, max, width, item)
  if not self:has(2) then return {} end
  local inner = tree:add(ftmp, self.tvb(self.at, 2), name)
  local count = self:number(inner, "count", 2)
  inner:append_text(": " .. count)
  if count > max then
    self:fail("LIMIT", "more than " .. max .. " in a list")
  elseif count * width > self.stop - self.at then
    self:fail("BODY", "the list ends too early")
  end
  local seen, doubled, keys = {}, false, {}
  for _ = 1, count do
    if self.failure ~= nil then break end
    local key = item(inner)
    if seen[key] then doubled = true end
    seen[key] = true
    keys[#keys + 1] = key
  end
  if doubled then self:fail("BODY", "something is named twice in a list") end
  return keys
end

function Reader:processors(tree, name)
  return self:list(tree, name, members_max, 8, function(inner) return self:processor(inner, name) end)
end

function Reader:marks(tree, name, with_heard)
  return self:list(tree, name, marks_max, with_heard and 24 or 16, function(inner)
    local source = self:processor(inner, name .. ".source")
    self:counter(inner, name .. ".sequence")
    if with_heard then self:counter(inner, name .. ".heard") end
    return source
  end)
end

function Reader:address(tree, name)
  local count = self:number(tree, "addressLength", 2)
  if count > address_bytes_max then self:fail("LIMIT", "more than 64 bytes") end
  if self.failure ~= nil or not self:has(count) then return end
  if count > 0 then tree:add(f[name], self:take(count)) end
end

-- W10
function Reader:view(tree, name)
  local timestamp = self:counter(tree, name .. ".timestamp")
  return string.format("%d/%s", timestamp, self:processor(tree, name .. ".processor"))
end

local no_view = "0/1.00000000"

function Reader:member(tree, name)
  local id = self:processor(tree, name .. ".id")
  self:counter(tree, name .. ".sequence")
  self:word(tree, name .. ".stage", stages, "no such stage")
  self:address(tree, name .. ".address")
  return id
end

function Reader:newcomer(tree, name)
  local id = self:processor(tree, name .. ".id")
  self:counter(tree, name .. ".sequence")
  self:address(tree, name .. ".address")
  return id
end

-- W11
function Reader:connection(tree, name)
  for _, side in ipairs({ "client", "server" }) do
    self:number(tree, name .. "." .. side .. ".domain", 4)
    self:number(tree, name .. "." .. side .. ".group", 4)
  end
end

function Reader:request(tree)
  self:connection(tree, "parts.request.connection")
  self:u64(tree, "parts.request.number")
end

function Reader:word(tree, name, words, problem)
  if not self:has(1) then return nil end
  local word = words[self.tvb(self.at, 1):uint()]
  if word == nil then self:fail("BODY", problem) return nil end
  self:number(tree, name, 1)
  return word
end

-- E1: seven bits an octet, low ones first.
function Reader:length(tree)
  local length, width = 0, 0
  while true do
    if not self:has(width + 1) then return 0 end
    local octet = self.tvb(self.at + width, 1):uint()
    if width > 2 or (octet == 0 and width > 0) then
      self:fail("BODY", "the length of a part is not in its one form")
      return 0
    end
    length = length + (octet % 128) * 128 ^ width
    width = width + 1
    if octet < 128 then break end
  end
  tree:add(f["parts.length"], self:take(width), length)
  return length
end

-- Bodies: each reads one, and returns the first of the words that `choir ftmp decode` has for it, for the column Info.

local bodies = {}

local function names(list)
  return #list == 0 and "nobody" or table.concat(list, ", ")
end

local function place(view, configuration)
  return "view " .. view .. " in " .. configuration
end

local text_max = 32

-- A whole message without a request.
local function message_text(bytes)
  local text = bytes:raw()
  if #text > text_max or text:find("[^%w .,:;!?'-]") then return #text .. " bytes" end
  return #text .. ' bytes "' .. text .. '"'
end

-- E1, E2
local function read_part(r, tree)
  if not r:has(1) then return false end
  local kind = r.tvb(r.at, 1):uint()
  local range = r:take(1)
  local head = tree:add(f.part, range)
  for _, name in ipairs({ "first", "last", "hasRequest", "restart" }) do
    head:add(f["parts." .. name], range)
  end
  local first, last = kind % 2 == 1, kind % 4 >= 2
  local has_request, restart, reply = kind % 8 >= 4, kind % 16 >= 8, kind % 32 >= 16
  if reply then head:add(f["parts.request.reply"], range) end
  if kind > 31 then
    r:fail("BODY", "a bit of a part has no meaning")
  elseif not first and (has_request or restart) then
    r:fail("BODY", "a piece that is not the first has a request or a restart")
  elseif reply and not has_request then
    r:fail("BODY", "a reply has no request number")
  end
  local length = r:length(head)
  if has_request then r:request(head) end
  if not r:has(length) then return false end
  if length == 0 and not (first and last) then r:fail("BODY", "a piece is empty") end
  local text = ""
  if length > 0 and r.failure == nil then
    local bytes = r:take(length)
    head:add(f["parts.bytes"], bytes)
    if first and last and not has_request and not restart then text = message_text(bytes) end
  end
  return first and last and has_request and not restart and not reply, text
end

function bodies.regular(r, tree, header)
  if not header.packed then
    r:request(tree)
    if r.failure == nil and r.stop > r.at then tree:add(f["parts.bytes"], r:take(r.stop - r.at)) end
    return ""
  end
  local parts, plain, text, first_text = 0, false, "", ""
  if r.at == r.stop then r:fail("BODY", "there is no part") end
  while r.failure == nil and r.at < r.stop do
    plain, text = read_part(r, tree)
    parts = parts + 1
    if parts == 1 then first_text = text end
  end
  if parts == 1 and plain then r:fail("BODY", "one whole message with a request is not packed") end
  return first_text
end

function bodies.retransmitRequest(r, tree)
  local processor = r:processor(tree, "processor")
  local start, stop = r:counter(tree, "start"), r:counter(tree, "stop")
  if stop < start then r:fail("BODY", "the range ends before it begins") end
  local what = string.format(start == stop and "#%d" or "#%d to #%d", start, stop)
  return "asks for " .. what .. " of " .. processor
end

-- E5
function bodies.heartbeat(r, tree)
  if r.at == r.stop then return "" end
  local progress = r:number(tree, "progress", 4)
  local asks, stalled = r:flag(tree, "asks"), r:flag(tree, "stalled")
  local ahead = r:number(tree, "ahead", 4)
  if ahead > ahead_max then r:fail("LIMIT", "more than 1048576 ahead") end
  local confirmed = {}
  local confirms = r:list(tree, "confirms", members_max, 12, function(inner)
    local processor = r:processor(inner, "confirms.processor")
    local timestamp = r:number(inner, "confirms.timestamp", 4)
    confirmed[#confirmed + 1] = timestamp .. " of " .. processor
    return processor
  end)
  local configuration, view = r:view(tree, "configuration"), r:view(tree, "view")
  local padding = 0
  if r.failure == nil and r.stop > r.at then
    padding = r.stop - r.at
    tree:add(f["padding"], r:take(padding))
  end
  local says = progress > 0 or asks or stalled or ahead > 0 or #confirms > 0 or padding > 0
  if not says and configuration == no_view and view == no_view then
    r:fail("BODY", "a heartbeat that says nothing has no body")
  end
  local words = {}
  if progress > 0 then words[#words + 1] = "progress " .. progress end
  if asks then words[#words + 1] = "asks all" end
  if stalled then words[#words + 1] = "stalled" end
  if ahead > 0 then words[#words + 1] = "lookahead +" .. ahead end
  if #confirms > 0 then words[#words + 1] = "confirms the probe " .. table.concat(confirmed, ", ") end
  if padding > 0 then words[#words + 1] = "probe, " .. padding .. " more bytes" end
  if configuration ~= no_view then words[#words + 1] = place(view, configuration) end
  return table.concat(words, ", ")
end

function bodies.connectRequest(r, tree)
  r:connection(tree, "connection")
  r:processors(tree, "processors")
  return ""
end

function bodies.connect(r, tree)
  r:connection(tree, "connection")
  r:number(tree, "body.group", 4)
  r:address(tree, "address")
  r:view(tree, "view")
  r:processors(tree, "members")
  return ""
end

function bodies.addProcessor(r, tree)
  r:view(tree, "lineage")
  r:view(tree, "view")
  r:view(tree, "configuration")
  r:counter(tree, "watermark")
  local members = r:list(tree, "members", members_max, 19, function(inner) return r:member(inner, "members") end)
  local added = r:newcomer(tree, "newMember")
  for _, id in ipairs(members) do
    if id == added then r:fail("BODY", "who is added is a member") end
  end
  return "adds " .. added
end

function bodies.removeProcessor(r, tree)
  return "removes " .. r:processor(tree, "member")
end

function bodies.suspect(r, tree)
  local configuration = r:view(tree, "view")
  return "suspects " .. names(r:processors(tree, "suspects")) .. "; configuration " .. configuration
end

local deeds = { propose = "proposes", ready = "is ready with", installed = "has installed" }

local function membership_text(round, phase, proposed, members)
  local is_proposed, gone = {}, {}
  for _, id in ipairs(proposed) do is_proposed[id] = true end
  for _, id in ipairs(members) do
    if not is_proposed[id] then gone[#gone + 1] = id end
  end
  local without = #gone == 0 and "" or " without " .. names(gone)
  return string.format("round %d: %s %s%s", round, deeds[phase] or "?", names(proposed), without)
end

-- W10: views, as text, compare by their timestamps, then by their processors.
local function is_later(view, other)
  local pattern = "^(%d+)/(%d+)%.(%x+)$"
  local at, number, incarnation = view:match(pattern)
  local other_at, other_number, other_incarnation = other:match(pattern)
  if at == nil or other_at == nil then return true end
  if at ~= other_at then return tonumber(at) > tonumber(other_at) end
  if number ~= other_number then return tonumber(number) > tonumber(other_number) end
  return tonumber(incarnation, 16) > tonumber(other_incarnation, 16)
end

-- E4
function bodies.membership(r, tree)
  local view, configuration = r:view(tree, "view"), r:view(tree, "configuration")
  local members = r:processors(tree, "members")
  r:marks(tree, "held", true)
  local proposed = r:processors(tree, "proposed")
  local round = r:round(tree, "round")
  local phase = r:word(tree, "phase", phases, "no such phase")
  if r:flag(tree, "isAccepted") then
    local inner = tree:add(ftmp, r.tvb(r.at, r.stop - r.at), "accepted")
    r:round(inner, "accepted.round")
    local first = r:processors(inner, "accepted.successor.members")[1]
    r:marks(inner, "accepted.successor.cut")
    local timestamp = r:counter(inner, "accepted.successor.timestamp")
    if first == nil or not is_later(string.format("%d/%s", timestamp, first), configuration) then
      r:fail("BODY", "the successor is no later configuration")
    end
  elseif phase ~= "propose" then
    r:fail("BODY", "nothing is accepted")
  end
  return membership_text(round, phase, proposed, members) .. "; " .. place(view, configuration)
end

function bodies.join(r, tree)
  r:number(tree, "minorMin", 1)
  r:number(tree, "minorMax", 1)
  local sequence = r:counter(tree, "body.sequence")
  r:address(tree, "address")
  r:view(tree, "lineage")
  r:view(tree, "view")
  return string.format("asks to be added from #%d", sequence)
end

function bodies.refuse(r, tree)
  local processor = r:processor(tree, "processor")
  local reason = r:word(tree, "reason", reasons, "no such reason") or "?"
  return "refuses " .. processor .. ": " .. reason .. "; view " .. r:view(tree, "view")
end

function bodies.announce(r, tree)
  local lineage, configuration, view = r:view(tree, "lineage"), r:view(tree, "configuration"), r:view(tree, "view")
  local kind = r:flag(tree, "primary") and "primary" or "not primary"
  local members = r:number(tree, "memberCount", 2)
  r:address(tree, "address")
  return string.format("%s of %s, %s, %d members", place(view, configuration), lineage, kind, members)
end

-- E15
function bodies.slice(r, tree)
  local length, offset = r:number(tree, "length", 4), r:number(tree, "offset", 4)
  local count = r.stop - r.at
  if r.failure ~= nil then return "" end
  if length > datagram_bytes_max then r:fail("LIMIT", "the whole is longer than a datagram")
  elseif count == 0 then r:fail("BODY", "the slice is empty")
  elseif offset + count > length then r:fail("BODY", "the slice ends behind the whole")
  elseif count == length then r:fail("BODY", "the slice is the whole") end
  if count > 0 then tree:add(f["content"], r:take(count)) end
  return string.format("bytes %d to %d of %d", offset, offset + count - 1, length)
end

-- Datagrams

local function refuse(tree, code, problem, pinfo)
  local item = tree:add(f.refused, code)
  item:set_generated()
  item:add_proto_expert_info(refusal, code .. ": " .. problem)
  pinfo.cols.info:append(" [refused " .. code .. ": " .. problem .. "]")
end

-- H1 to H12: the header, and why it is refused, if it is.
local function read_header(tvb, length, tree)
  tree:add(f.magic, tvb(0, 4))
  local major, flags, number = tvb(4, 1):uint(), tvb(6, 1):uint(), tvb(7, 1):uint()
  tree:add(f.major, tvb(4, 1))
  tree:add(f.minor, tvb(5, 1))
  local marks = tree:add(f.flags, tvb(6, 1))
  for _, name in ipairs({ "little", "again", "packed", "safe" }) do marks:add(f[name], tvb(6, 1)) end
  tree:add(f.type, tvb(7, 1))
  local r = reader_of(tvb, 8, header_bytes, flags % 2 == 1)
  local header = { little = r.is_little, again = flags % 4 >= 2, packed = flags % 8 >= 4, safe = flags % 16 >= 8 }
  header.type = types[number]
  local size = r:number(tree, "size", 4)
  header.source = processor_text(r:halves())
  tree:add(f.source, r:take(8), header.source or "none")
  for _, name in ipairs({ "group", "sequence", "timestamp", "ack" }) do header[name] = r:number(tree, name, 4) end

  if major ~= 1 then return header, "VERSION", "it has another major version" end
  if flags > 15 then return header, "FLAGS", "a flag is set that has no meaning" end
  if size ~= length then return header, "SIZE", "the size in the header is not that of the message" end
  if header.type == nil then return header, "TYPE", "no type has this number" end
  if (header.packed or header.safe) and header.type ~= "regular" or header.again and not reliable[header.type] then
    return header, "FLAGS", "a flag is set that this type does not have"
  end
  if header.source == nil then return header, "SOURCE", "no processor has the id of the source" end
  return header
end

local function show_message(tvb, length, tree, pinfo, sealed)
  local header, code, problem = read_header(tvb, length, tree)
  pinfo.cols.info = string.format(
    "%s %s group %d #%d ts %d ack %d%s", header.type or "?", header.source or "?", header.group,
    header.sequence, header.timestamp, header.ack, header.again and " again" or "")
  if header.again then tree:add_proto_expert_info(repeated) end
  if sealed then return refuse(tree, "SEALED", "its checksum is wrong", pinfo) end
  if code ~= nil then return refuse(tree, code, problem, pinfo) end
  local r = reader_of(tvb, header_bytes, length, header.little)
  local body = tree
  if length > header_bytes then body = tree:add(ftmp, tvb(header_bytes, length - header_bytes), "Body") end
  local text = bodies[header.type](r, body, header)
  if r.failure == nil and r.at < r.stop then r:fail("BODY", "there are more bytes than the body has") end
  if r.failure ~= nil then refuse(tree, r.failure.code, r.failure.problem, pinfo)
  elseif text ~= "" then pinfo.cols.info:append("  " .. text) end
end

-- X1, X5: what can be read without a key.
local function show_envelope(tvb, tree, pinfo)
  tree:add(f.magic, tvb(0, 4))
  tree:append_text(", encrypted")
  pinfo.cols.info = "encrypted, " .. tvb:reported_len() .. " bytes"
  if tvb:len() < envelope_bytes then return refuse(tree, "SEALED", "it is shorter than an envelope", pinfo) end
  tree:add(f["envelope.version"], tvb(4, 1))
  tree:add(f["envelope.kind"], tvb(5, 1))
  tree:add(f["envelope.keyId"], tvb(6, 2))
  tree:add(f["envelope.transmitter"], tvb(8, 16))
  tree:add(f["envelope.counter"], tvb(24, 8))
  local high, low = tvb(24, 4):uint(), tvb(28, 4):uint()
  if tvb(4, 1):uint() ~= 1 then return refuse(tree, "SEALED", "it has another version of the envelope", pinfo) end
  if tvb(5, 1):uint() > 2 then return refuse(tree, "SEALED", "no datagram is of this kind", pinfo) end
  if high >= 0x200000 or high == 0 and low == 0 then
    return refuse(tree, "SEALED", "its counter is 0, or larger than 2^53-1", pinfo)
  end
  local head = string.format(
    "  %s  key %d  transmitter %s  counter %d", kinds[tvb(5, 1):uint()], tvb(6, 2):uint(),
    tvb(8, 16):bytes():tohex(true), high * 4294967296 + low)
  pinfo.cols.info:append(head)
  if tvb:reported_len() > tvb:len() then
    refuse(tree, "NOT_CAPTURED", (tvb:reported_len() - tvb:len()) .. " bytes of it were not captured", pinfo)
  end
end

function ftmp.dissector(tvb, pinfo, tree)
  local magic = tvb:len() >= 4 and tvb(0, 4):string() or ""
  if magic ~= "FTMP" and magic ~= "FTMX" then return 0 end
  pinfo.cols.protocol = "FTMP"
  pinfo.cols.info = ""
  local top = tree:add(ftmp, tvb())
  if magic == "FTMX" then
    show_envelope(tvb, top, pinfo)
    return tvb:len()
  end
  if tvb:reported_len() > tvb:len() then
    top:add(f.magic, tvb(0, 4))
    refuse(top, "NOT_CAPTURED", (tvb:reported_len() - tvb:len()) .. " bytes of it were not captured", pinfo)
    return tvb:len()
  end
  local length = tvb:len() - sum_bytes
  local sealed = length < 0 or tvb(length, sum_bytes):uint() ~= crc32(tvb:raw(0, length))
  if length < header_bytes then
    top:add(f.magic, tvb(0, 4))
    if sealed then refuse(top, "SEALED", "its checksum is wrong", pinfo)
    else refuse(top, "SHORT", "it is shorter than a header", pinfo) end
    return tvb:len()
  end
  show_message(tvb, length, top, pinfo, sealed)
  top:add(f.sum, tvb(length, sum_bytes))
  return tvb:len()
end

ftmp:register_heuristic("udp", function(tvb, pinfo, tree)
  if tvb:len() < 4 then return false end
  local magic = tvb(0, 4):string()
  if magic ~= "FTMP" and magic ~= "FTMX" then return false end
  ftmp.dissector(tvb, pinfo, tree)
  return true
end)
DissectorTable.get("udp.port"):add_for_decode_as(ftmp)
