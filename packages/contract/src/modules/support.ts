import { Type } from 'typebox'
import { op, signedIn } from '../op.ts'
import { DateTime, Id, InId, Page, paging } from '../wire.ts'
import { tickets } from './tickets.ts'

const News = Type.Object({
  id: Id,
  title: Type.String(),
  date: DateTime,
  content: Type.String({ description: 'HTML' }),
  slug: Type.String(),
})
const Category = Type.Object({
  id: Id,
  name: Type.String(),
  description: Type.String(),
  slug: Type.String(),
  elements: Type.String({ description: 'Number of articles, as text' }),
})
const ArticleLink = Type.Object({ id: Id, title: Type.String(), slug: Type.String() })
const Article = Type.Object({
  id: Id,
  title: Type.String(),
  body: Type.String({ description: 'HTML' }),
  tags: Type.Array(Type.String()),
  category_id: Id,
  views: Type.String(),
  date: DateTime,
})

const exampleNews = {
  id: '21',
  title: 'A second name server in Tartu',
  date: '2026-10-12 09:00:00',
  content: '<p>Your zones are now answered from two cities.</p>',
  slug: 'a-second-name-server',
}
const exampleCategory = { id: '3', name: 'Mail', description: 'Send and receive', slug: 'mail', elements: '1' }

/** News and the knowledge base; with them, the tickets. */
export const support = {
  ...tickets,
  listNews: op({
    id: 'support.listNews',
    method: 'GET',
    path: '/news',
    summary: 'News',
    description: 'Newest first.',
    input: paging,
    reply: Type.Object({ news: Type.Array(News), page: Type.Optional(Page) }),
    access: signedIn,
    examples: [{ reply: { news: [exampleNews] } }],
    documents: 'S',
  }),
  getNews: op({
    id: 'support.getNews',
    method: 'GET',
    path: '/news/{news_id}',
    summary: 'A piece of news',
    input: { news_id: InId },
    reply: Type.Object({ news: News }),
    access: signedIn,
    errors: ['not_found'],
    examples: [{ request: { news_id: '21' }, reply: { news: exampleNews } }],
    documents: 'S',
  }),
  listKnowledgebase: op({
    id: 'support.listKnowledgebase',
    method: 'GET',
    path: '/knowledgebase',
    summary: 'Knowledge base',
    description: 'The uppermost categories.',
    input: paging,
    reply: Type.Object({ categories: Type.Array(Category), page: Type.Optional(Page) }),
    access: signedIn,
    examples: [{ reply: { categories: [exampleCategory] } }],
    documents: 'S',
  }),
  getKnowledgebaseCategory: op({
    id: 'support.getKnowledgebaseCategory',
    method: 'GET',
    path: '/knowledgebase/{category_id}',
    summary: 'A category of the knowledge base',
    description: 'With the categories inside it and its articles.',
    input: { category_id: InId },
    reply: Type.Object({
      category: Category,
      categories: Type.Array(Category),
      articles: Type.Array(ArticleLink),
    }),
    access: signedIn,
    errors: ['not_found'],
    examples: [
      {
        request: { category_id: '3' },
        reply: {
          category: exampleCategory,
          categories: [],
          articles: [{ id: '40', title: 'Set up a mail program', slug: 'set-up-a-mail-program' }],
        },
      },
    ],
    documents: 'S',
  }),
  getKnowledgebaseArticle: op({
    id: 'support.getKnowledgebaseArticle',
    method: 'GET',
    path: '/knowledgebase/article/{article_id}',
    summary: 'An article of the knowledge base',
    input: { article_id: InId },
    reply: Type.Object({ article: Article }),
    access: signedIn,
    errors: ['not_found'],
    examples: [
      {
        request: { article_id: '40' },
        reply: {
          article: {
            id: '40',
            title: 'Set up a mail program',
            body: '<p>Use mail.example.com, port 465, with TLS.</p>',
            tags: ['mail', 'imap'],
            category_id: '3',
            views: '1290',
            date: '2026-03-02 13:00:00',
          },
        },
      },
    ],
    documents: 'S',
  }),
}
